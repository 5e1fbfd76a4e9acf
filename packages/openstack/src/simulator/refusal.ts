/** Thrown where a service refuses a request, before it is written in the words of the API that was called. */
export class Refusal extends Error {
  /** As the vendor spells it; a fault's name (`badRequest`) where the API names faults. */
  readonly code: string
  /** HTTP status, where it is not the code's own. */
  readonly status: number | undefined

  constructor(code: string, message: string, status?: number) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.status = status
  }
}

/** Refuses. */
export function refuse(code: string, message: string, status?: number): never {
  throw new Refusal(code, message, status)
}
