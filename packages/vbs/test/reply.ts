import type { Reply, RequestFacts } from '@holdfast/core/plugin'
import { replyTo, requestFacts } from '@holdfast/openstack/testing'

export const project = 'b942cc8342734d15bcb246babb1953cf'

/** The facts of a request to a service that does not exist. */
export const requestTo = (target: string, method = 'GET', body?: unknown): RequestFacts =>
  requestFacts(new URL(target, 'https://vbs.example'), method, body)

/** A reply as the engine hands it to a vendor. */
export const replyOf = (
  status: number,
  text: string,
  request: RequestFacts = requestTo(`/v2/${project}/backuppolicy`),
  complete = true,
): Reply => replyTo(request, status, text, { complete })
