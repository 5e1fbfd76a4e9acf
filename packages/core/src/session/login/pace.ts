/** Milliseconds for which a server's word holds logins back at most. */
const DAY = 86_400_000

/** The first time, then twice that with each in a row, up to the longest. Milliseconds. */
export const doubled = ({ first, longest }: Doubling, inRow: number): number =>
  Math.min(longest, first * 2 ** Math.min(inRow, 20))

/** The bounds of a time that doubles. */
export interface Doubling {
  readonly first: number
  readonly longest: number
}

/** A time that is at least as long as the server asked, of which a day counts at most. */
export const atLeast = (asked: number | undefined, ms: number): number => Math.max(Math.min(asked ?? 0, DAY), ms)
