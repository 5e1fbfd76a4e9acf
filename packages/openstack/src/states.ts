import { objectOf, parseObject, type RequestFacts, textOf } from '@holdfast/core/plugin'

/** The code of a row that refines `badRequest` or `conflictingRequest`, if the message is about a state and not about the request. */
export type StateCode = 'STATE_CHANGING' | 'WRONG_STATE' | 'HALF_DONE' | 'STEP_FAILED'

/** States that end by themselves. All others stay until something changes them. */
const passing: ReadonlySet<string> = new Set([
  'attaching',
  'backing-up',
  'creating',
  'deleting',
  'detaching',
  'downloading',
  'extending',
  'managing',
  'migrating',
  'reserved',
  'restoring',
  'restoring-backup',
  'retyping',
  'reverting',
  'unmanaging',
  'updating',
  'uploading',
])

/** Patterns of messages that name the state. */
const namedState =
  /\b(?:status is:? |status of: |currently (?:in (?=["']))?(?!has\b|defined\b|being\b)|be available and not |while volume is |in an invalid state: |volumes in (?=[a-z_-]{1,40} status\b))["']?([a-z][a-z_-]{0,40})\b/i

/** Messages about a state that they do not name, or that is not a single word. */
const wrongState =
  /\bstatus must be (?!one of the\b)|^[^:]{0,40}: originating [a-z]{1,20} [a-z]{1,20} must be one of |\b(?:parent backup|restored to) must be available|no backups available to do an incremental|incremental backups exist|already exists in database|must use the force flag|(?:during|in) maintenance\b|in error status|not been scheduled to any host|is not being extended|not mid-migration|destination has migration_status|needs volume to be in |(?:is )?already managed|while the migration is in this state|image status transition from |need to detach first|group has existing snapshots|still contains volumes|still has dependent snapshots|is attached but allow_attached_volume|\ba deleting zone\b|^image \S{1,80} is not active\b/i

/** Messages that come after the state of something has already been changed. */
const halfDone = /\bsnapshot's status must be |failed to update snapshot/i
const stepFailed =
  /\berror while creating volume \S{1,80} for restoring backup|unable to delete encryption key for volume|during interface attach\b/i

/** A message after which a restore without a volume has already made one. */
const madeVolume = /\bvolume to be restored to must be available/i

/** Reads what a message says about a state; `undefined` if it is only about the request. */
export function stateCodeOf(message: string, request: RequestFacts): StateCode | undefined {
  if (stepFailed.test(message)) return 'STEP_FAILED'
  if (halfDone.test(message) || (madeVolume.test(message) && !namesVolume(request))) return 'HALF_DONE'
  const state = namedState.exec(message)?.[1]
  if (state !== undefined) return passing.has(state.toLowerCase()) ? 'STATE_CHANGING' : 'WRONG_STATE'
  return wrongState.test(message) ? 'WRONG_STATE' : undefined
}

const namesVolume = ({ bodyText }: RequestFacts): boolean =>
  Boolean(textOf(objectOf(parseObject(bodyText)?.restore)?.volume_id))
