import type { Reply, RequestFacts } from '@holdfast/core/plugin'
import { replyTo, requestFacts } from '@holdfast/openstack/testing'

export const project = '/v1/b942cc8342734d15bcb246babb1953cf'
export const provider = `${project}/providers/fc4d5750-22e7-4798-8a46-f48f62c4c1da`

/** The facts of a request to a service that does not exist. */
export const requestTo = (target: string, method = 'GET', body?: unknown): RequestFacts =>
  requestFacts(new URL(target, 'https://csbs.example'), method, body)

/** A reply as the engine hands it to a vendor. */
export const replyOf = (
  status: number,
  text: string,
  request: RequestFacts = requestTo(`${project}/policies`),
  complete = true,
): Reply => replyTo(request, status, text, { complete })
