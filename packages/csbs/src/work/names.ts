import type { WorkName } from '@holdfast/core/plugin'

/** The state that backups are to reach. */
export type Aim = 'created' | 'restored' | 'deleted'

interface Named {
  readonly aim: Aim
  /** The path up to the project. */
  readonly base: string
  /** A backup record: a `checkpoint`. */
  readonly record?: string | undefined
  /** A backup: a `checkpoint_item`. */
  readonly item?: string | undefined
  /** True where the record has one backup alone. */
  readonly isSingle?: boolean
  /** Milliseconds since the epoch, by the server's clock, at which it answered. */
  readonly since?: number | undefined
}

/**
 * The name of work upon one backup, or upon all of a record. Those upon one can stand in one question; of a record with
 * several, a page of a list might show a part.
 */
export function backupNamed({ aim, base, record, item, isSingle, since }: Named): WorkName {
  const id = item ?? record ?? ''
  const facts = {
    aim,
    base,
    ...(record !== undefined && { record }),
    ...(item !== undefined && { item }),
    ...(since !== undefined && { since: String(since) }),
  }
  return { id, group: item !== undefined || isSingle ? base : `${base} ${id}`, pace: 'slow', facts }
}
