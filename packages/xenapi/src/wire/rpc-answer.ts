/** The content of an answer to an RPC. */
export type Answer = { readonly type: 'success'; readonly value: unknown } | Failure

/** A failure as the server states it. */
export interface Failure {
  readonly type: 'failure'
  readonly code: string
  readonly params: readonly string[]
  /** A message for people; absent if there are only code and parameters. */
  readonly message?: string
}

/** The code for a failure without a readable code. */
export const UNKNOWN = 'UNKNOWN_FAILURE'

/** Makes a failure from the list of its code and parameters. */
export function failureFrom(description: readonly unknown[]): Failure {
  const [code, ...params] = description
  if (typeof code !== 'string' || code === '') {
    return { type: 'failure', code: UNKNOWN, params: description.map(paramOf) }
  }
  if (!mayBeCode(code)) return { type: 'failure', code: UNKNOWN, params: params.map(paramOf), message: code }
  return withMessage({ type: 'failure', code, params: params.map(paramOf) })
}

/** Adds the message of a `Fault`, which the server answers if it has no code: its parameter is a sentence. */
const withMessage = (failure: Failure): Failure => {
  const [message] = failure.code === 'Fault' ? failure.params : []
  return message ? { ...failure, message } : failure
}

/** A parameter as text; an object or a list as JSON. */
export function paramOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/**
 * True for a text that may be shown as a code. A plugin may raise any word as a code; a sentence is a message, and may repeat parts
 * of the request.
 */
const mayBeCode = (text: string): boolean => /^[A-Za-z][\w.-]{0,100}$/.test(text)

/** True for a text in the spelling of the server's own codes. */
export const isCode = (text: string): boolean => /^[A-Z][A-Z0-9_]*$/.test(text)
