import type { ResilientOptions } from '@holdfast/core'
import type { MatrixRequest } from './requests.ts'
import type { Answer, Internal } from './server.ts'

/** A client of one cell. */
export interface CellClient {
  /** Sends a request and reads its reply to the end. Rejects with the error that the caller would get. */
  send(input: string | Request, init: RequestInit | undefined): Promise<Response>
  close(options?: { readonly drain?: number }): Promise<void>
}

/** A kind of client, what it asks, and what its server must know beyond its faults. */
export interface ClientKind {
  readonly name: string
  readonly requests: readonly MatrixRequest[]
  readonly internal: Internal
  readonly fine: Answer
  /** The words that it knows and must not tell. */
  readonly secrets: readonly string[]
  open(url: string, options: ResilientOptions): CellClient
}
