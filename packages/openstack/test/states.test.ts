import { describe, expect, it } from 'vitest'
import { catalogue, read } from './tiny.ts'

const rowOf = (message: string, asked?: Parameters<typeof read>[2]) => {
  const { fault } = read(400, JSON.stringify({ badRequest: { code: 400, message } }), asked)
  return fault && catalogue.find(fault)
}

/** Every place in which Cinder names the state that it has met. */
const sentences = [
  (state: string) =>
    `Invalid volume: Volume to be backed up must be available or in-use, but the current status is "${state}".`,
  (state: string) =>
    `Invalid snapshot: Snapshot to be backed up must be available, but the current status is "${state}".`,
  (state: string) => `Invalid volume: Volume v-1 status must be available, but current status is: ${state}.`,
  (state: string) => `Invalid volume: Volume v-1 status must be available or in-use , but current status is: ${state}.`,
  (state: string) => `Invalid volume: Volume v-1 status must be available, but current status is ${state}.`,
  (state: string) => `Invalid volume: Volume status must be available to reserve, but the status is ${state}.`,
  (state: string) =>
    `Invalid volume: Volume v-1 status must be available to reserve, but the current status is ${state}.`,
  (state: string) =>
    `Invalid volume: Volume v-1 status must be '{'status': 'available'}' to extend, currently ${state}.`,
  (state: string) => `Invalid backup: Backup status must be available and not ${state}.`,
  (state: string) =>
    `Invalid input: Invalid volume_type passed, retypes affecting multiattach are only allowed on available volumes, the specified volume however currently has a status of: ${state}.`,
  (state: string) => `Invalid volume: Updating volume metadata is not allowed for volumes in ${state} status.`,
]

const passing = [
  'attaching',
  'backing-up',
  'creating',
  'deleting',
  'detaching',
  'downloading',
  'extending',
  'managing',
  'reserved',
  'restoring',
  'restoring-backup',
  'retyping',
  'reverting',
  'unmanaging',
  'updating',
  'uploading',
]
const lasting = [
  'available',
  'awaiting-transfer',
  'deleted',
  'error',
  'error_backing-up',
  'error_deleting',
  'error_extending',
  'error_managing',
  'error_restoring',
  'in-use',
  'maintenance',
  'some-new-state',
]

describe('a state that is named', () => {
  it.each(passing)('%s ends by itself, in every sentence', (state) => {
    for (const sentence of sentences) {
      expect(rowOf(sentence(state)), sentence(state)).toMatchObject({
        code: 'STATE_CHANGING',
        busy: true,
        outcome: 'rejected',
      })
    }
  })

  it.each(lasting)('%s stays until somebody changes it, in every sentence', (state) => {
    for (const sentence of sentences) {
      expect(rowOf(sentence(state)), sentence(state)).toMatchObject({
        code: 'WRONG_STATE',
        kind: 'conflict',
        outcome: 'rejected',
      })
    }
  })

  it('migrating ends by itself', () => {
    expect(rowOf('Invalid volume: Snapshot cannot be created while volume is migrating.')?.code).toBe('STATE_CHANGING')
  })
})

describe('a state that is not named', () => {
  it.each([
    'Invalid backup: The parent backup must be available for incremental backup.',
    'Invalid backup: No backups available to do an incremental backup.',
    'Invalid backup: Incremental backups exist for this backup.',
    'Invalid backup: Backup status must be available or error',
    'Invalid backup: Backup status must be available',
    'Invalid backup: Backup already exists in database.',
    'Invalid volume: Backing up an in-use volume must use the force flag.',
    "Invalid volume: Can't revert volume v-1 to its latest snapshot s-1. Volume's status must be 'available'.",
    'Invalid volume: Volume status must be available or error or error_restoring or error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.',
    'Invalid volume: The volume cannot be updated during maintenance.',
    'Invalid volume: The volume cannot be attached in maintenance mode.',
    'Invalid volume: The snapshot cannot be created when the volume is in maintenance mode.',
    'Invalid volume: The snapshot cannot be created when the volume is in error status.',
    'Invalid volume: The snapshot cannot be created because volume has not been scheduled to any host.',
    "Invalid volume: Unable to detach volume. Volume status must be 'in-use' and attach_status must be 'attached' to detach.",
    'Invalid volume: Volume is not being extended.',
    'Invalid volume: Source volume not mid-migration.',
    'Invalid volume: Destination has migration_status error, expected target:v-1.',
    'Invalid volume: Retype needs volume to be in available or in-use state, not be part of an active migration or a consistency group.',
    'Invalid volume: Unable to manage existing volume. The volume is already managed',
    "Invalid volume: Originating volume status must be one of 'available, in-use' values",
    'Invalid snapshot: snapshot: s-1 status must be available',
  ])('is a conflict that is not waited for: %s', (message) => {
    expect(rowOf(message)).toMatchObject({ code: 'WRONG_STATE', kind: 'conflict', outcome: 'rejected' })
  })

  it.each([
    'Invalid volume: Volume v-1 does not match with snapshot.volume_id v-2.',
    'Invalid backup: Backup to be restored has invalid size',
    'Invalid volume: volume size 1 is too small to restore backup of size 2.',
    'Invalid input: New size for extend must be greater than current size. (current: 2, extended: 1).',
    'Invalid volume: Snapshot of secondary replica is not allowed.',
    "Invalid input received: 'status' must be one of the values",
    'Malformed request body',
  ])('and is none of the request’s faults: %s', (message) => {
    expect(rowOf(message)).toMatchObject({ code: 'badRequest', kind: 'fatal', outcome: 'rejected' })
  })
})

describe('a refusal after work has begun', () => {
  const restore = (body: unknown) => ({ method: 'POST', url: 'https://service.example/v2/p/backups/b-1/restore', body })
  const target = 'Invalid volume: Volume to be restored to must be available'

  it('is a conflict that may have left something behind', () => {
    for (const message of [
      "Invalid snapshot: Can't revert volume v-1 to its latest snapshot s-1. Snapshot's status must be 'available'.",
      'Invalid volume: Failed to update snapshot.',
    ]) {
      expect(rowOf(message)).toMatchObject({ code: 'HALF_DONE', kind: 'conflict', outcome: 'unknown' })
    }
  })

  it('is a step that failed for good', () => {
    for (const message of [
      'Invalid volume: Error while creating volume v-1 for restoring backup b-1.',
      'Invalid volume: Unable to delete encryption key for volume: v-1',
    ]) {
      expect(rowOf(message)).toMatchObject({ code: 'STEP_FAILED', kind: 'fatal', outcome: 'unknown' })
    }
  })

  it('of a restore may have left a volume behind, unless the request names one', () => {
    expect(rowOf(target, restore({ restore: { volume_id: 'v-1' } }))).toMatchObject({ code: 'WRONG_STATE' })
    for (const body of [undefined, {}, { restore: {} }, { restore: { volume_id: null } }, { restore: { name: 'n' } }]) {
      expect(rowOf(target, restore(body))).toMatchObject({ code: 'HALF_DONE', outcome: 'unknown' })
    }
  })
})

it('reads a sentence without end as fast as any other', () => {
  for (const text of [
    'status is '.repeat(20_000),
    `status is "${'a-'.repeat(40_000)}`,
    'currently has '.repeat(20_000),
  ]) {
    expect(rowOf(`Invalid volume: ${text}`)?.code).toBeDefined()
  }
})
