/**
 * The kind of a body, by its beginning: an answer that succeeded or failed, a whole HTTP reply in the place of a body, or
 * something else.
 */
export type BodyKind = 'success' | 'failure' | 'reply' | 'none'

/**
 * Reads a body character by character, and keeps no more of it than its own state. Characters beyond ASCII all count as
 * {@link OTHER}, so bytes and text are read alike.
 */
export interface Detector {
  /** Takes the next character; `undefined` while nothing is decided. */
  take(code: number): BodyKind | undefined
}

/** Stands for every character beyond ASCII. */
export const OTHER = 0x80

/** White space of XML and JSON. */
export const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
