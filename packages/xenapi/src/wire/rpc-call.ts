/** The format of a call. */
export type Format = 'json-rpc-1.0' | 'json-rpc-2.0' | 'xml-rpc'

/** An RPC, as its body shows it. */
export interface RpcCall {
  readonly format: Format
  /** `VM.get_record`, as written. */
  readonly method: string
  /**
   * The first parameter, if it is a string: the session, for nearly all methods. `start` and `end` are the span of its
   * encoded text in the body: between the quotes of JSON, between the tags of XML.
   */
  readonly first: { readonly text: string; readonly start: number; readonly end: number } | undefined
  /** All parameters, decoded when asked for (login passwords, event.from's time-out); empty if they cannot be read. */
  params(): readonly unknown[]
}
