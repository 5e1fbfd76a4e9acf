/** Thrown if a service refuses a request; later it is written in the format of the called API. */
export class Refusal extends Error {
  /** As the vendor spells it; a fault's name (`badRequest`) if the API names faults. */
  readonly code: string
  /** HTTP status, if it is not the usual one of the code. */
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
