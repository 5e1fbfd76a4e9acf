/** The place where a command reads and writes. */
export interface Terminal {
  /** Read where a file is named `-`. */
  readonly stdin: AsyncIterable<Uint8Array | string>
  /** Takes what was asked for. */
  write(text: string): void
  /** Takes what is wrong. */
  complain(text: string): void
}
