/** The input and output of a command. */
export interface Terminal {
  /** The input for a file named `-`. */
  readonly stdin: AsyncIterable<Uint8Array | string>
  /** Writes the result. */
  write(text: string): void
  /** Writes errors. */
  complain(text: string): void
}
