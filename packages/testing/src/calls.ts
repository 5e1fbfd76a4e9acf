import { secretsOfRequest } from '@holdfast/core'
import type { Vendor } from '@holdfast/core/plugin'
import { createLabels } from './labels.ts'
import { factsOf } from './parse-reply.ts'

/**
 * One request as the server received it, and its answer. Secrets are replaced by `[secret 1]`, `[secret 2]` and so on, with the
 * same number for the same secret.
 */
export interface RecordedCall {
  readonly method: string
  readonly url: string
  readonly path: string
  /** Without its question mark. */
  readonly query: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** As text; complete when the answer is sent. */
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly end: 'pending' | 'replied' | 'dropped' | 'passed'
  /** The answer. */
  readonly status?: number
  /** The vendor's code, if the answer is a failure. */
  readonly code?: string
  /** Work that this request caused, if the server records it. */
  readonly executed?: string
}

/** A call that is being recorded. */
export type OpenCall = { -readonly [Field in keyof RecordedCall]: RecordedCall[Field] }

/** Records the requests of a server. */
export interface Recorder {
  readonly calls: readonly RecordedCall[]
  /** Records a request at once, and its body when it has been read; returns the body as it came. */
  note(request: Request): { readonly call: OpenCall; readonly bodyRead: Promise<string> }
  clear(): void
}

/** Further secrets for a recorder, in addition to those that their names show. */
export interface RecorderOptions extends Pick<Vendor, 'secretHeaders' | 'secretsIn'> {
  /** The label that replaces a secret. @default `[secret 1]` and so on */
  labelOf?(secret: string): string | undefined
}

const alwaysSecret = ['authorization', 'proxy-authorization', 'cookie']

/** Starts a record. */
export function createRecorder({ labelOf, ...vendor }: RecorderOptions = {}): Recorder {
  const calls: OpenCall[] = []
  const secretHeaders = new Set([...alwaysSecret, ...(vendor.secretHeaders ?? [])])
  const labels = createLabels(labelOf)
  return {
    calls,
    note(request) {
      const facts = factsOf(request.method, request.url)
      const secrets = secretsOfRequest({ facts, headers: request.headers }, vendor)
      const shown = (text: string) => labels.hideIn(text, secrets)
      const headers = [...request.headers].map(([name, value]) => [
        name,
        secretHeaders.has(name) ? labels.of(value) : shown(value),
      ])
      const call: OpenCall = {
        method: request.method,
        url: shown(facts.url),
        path: shown(facts.path),
        query: shown(facts.query),
        headers: Object.fromEntries(headers),
        body: '',
        at: Date.now(),
        end: 'pending',
      }
      calls.push(call)
      const bodyRead = readBody(request).then((bodyText) => {
        const all = secretsOfRequest({ facts: { ...facts, bodyText }, headers: request.headers }, vendor)
        for (const field of ['url', 'path', 'query'] as const) call[field] = labels.hideIn(call[field], all)
        call.body = labels.hideIn(bodyText, all)
        return bodyText
      })
      return { call, bodyRead }
    },
    clear() {
      calls.length = 0
    },
  }
}

// A client that disconnects in the middle of its body must not break the record.
const readBody = (request: Request): Promise<string> =>
  request
    .clone()
    .text()
    .catch(() => '')
