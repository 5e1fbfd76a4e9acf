/** What an answer to an RPC says. */
export type Answer = { readonly type: 'success'; readonly value: unknown } | Failure

/** A failure in the server's words. */
export interface Failure {
  readonly type: 'failure'
  readonly code: string
  readonly params: readonly string[]
  /** For people; absent where code and parameters are all that was said. */
  readonly message?: string
}

/** Stands for the code of a failure that names none that can be read. */
export const UNKNOWN = 'UNKNOWN_FAILURE'

/** The failure that a list of code and parameters tells of. */
export function failureOf(description: readonly unknown[]): Failure {
  const [code, ...params] = description
  if (typeof code !== 'string' || code === '') {
    return { type: 'failure', code: UNKNOWN, params: description.map(paramOf) }
  }
  if (!mayBeCode(code)) return { type: 'failure', code: UNKNOWN, params: params.map(paramOf), message: code }
  return withMessage({ type: 'failure', code, params: params.map(paramOf) })
}

/** `Fault` is what the server makes of a call that it has no code for: its parameter is a sentence. */
const withMessage = (failure: Failure): Failure => {
  const [message] = failure.code === 'Fault' ? failure.params : []
  return message ? { ...failure, message } : failure
}

/** Parameters are texts; what is none is shown as JSON. */
export function paramOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/**
 * Whether a text may stand as a code, which is shown as it is. Plugins raise any word as one; a sentence is a message,
 * and may repeat what was sent.
 */
const mayBeCode = (text: string): boolean => /^[A-Za-z][\w.-]{0,100}$/.test(text)

/** Whether a text is spelt as the server spells its codes. */
export const isCode = (text: string): boolean => /^[A-Z][A-Z0-9_]*$/.test(text)
