/**
 * What the beginning of a body tells: an answer that succeeded or failed, a whole HTTP reply in the place of a body, or
 * something else altogether.
 */
export type Decision = 'success' | 'failure' | 'reply' | 'none'

/**
 * Reads a body one character after the other, and remembers no more of it than where it stands. Characters beyond ASCII
 * are all alike to it ({@link OTHER}), so bytes and text are read the same.
 */
export interface Decider {
  /** Takes the next character; `undefined` while nothing is decided. */
  take(code: number): Decision | undefined
}

/** Stands for every character beyond ASCII. */
export const OTHER = 0x80

/** White space of XML and JSON. */
export const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
