/** A request that the server cannot read: its HTTP 500 page shows the exception that reading it raised. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}
