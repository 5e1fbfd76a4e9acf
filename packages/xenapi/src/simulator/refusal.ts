/** An error of the API: its code and the parameters that go with it. */
export interface Failure {
  readonly code: string
  readonly params: readonly string[]
}

/** A call that the server refuses with an error of its API. */
export class Refusal extends Error implements Failure {
  override readonly name = 'Refusal'
  readonly code: string
  readonly params: readonly string[]

  constructor(code: string, params: readonly string[]) {
    super(`Server_error(${code}, [ ${params.join('; ')} ])`)
    this.code = code
    this.params = params
  }
}

/** Refuses the call. */
export function refuse(code: string, ...params: readonly string[]): never {
  throw new Refusal(code, params)
}

/** Any failure, as an error of the API. */
export const asFailure = (error: unknown): Failure =>
  error instanceof Refusal ? error : { code: 'INTERNAL_ERROR', params: [String(error)] }
