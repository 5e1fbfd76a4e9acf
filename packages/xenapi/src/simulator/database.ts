import { refuse } from './refusal.ts'
import type { Struct } from './value.ts'

/** All classes of objects. */
export type Table = 'VM' | 'host' | 'pool' | 'SR' | 'network' | 'task' | 'session'

/** One object that was created, changed or deleted. */
export interface Change {
  readonly table: Table
  readonly ref: string
  readonly operation: 'add' | 'mod' | 'del'
  readonly generation: number
  /** Absent for a deleted object. */
  readonly record?: Struct
}

/** The objects of a pool. Every change has a number, larger than all before. */
export interface Database {
  readonly generation: number
  add(table: Table, ref: string, record: Struct): void
  change(table: Table, ref: string, fields: Struct): void
  remove(table: Table, ref: string): void
  /** Refuses with HANDLE_INVALID if there is none. */
  get(table: Table, ref: string): Struct
  has(table: Table, ref: string): boolean
  all(table: Table): ReadonlyMap<string, Struct>
  /** The differences since then, without objects that were both created and deleted since. */
  since(generation: number, tables: readonly Table[]): readonly Change[]
  /** Resolves with the next change. */
  nextChange(): Promise<void>
}

interface Row {
  record: Struct
  readonly created: number
  modified: number
}

/** Starts empty. */
export function createDatabase(): Database {
  const tables = new Map<Table, Map<string, Row>>()
  const gone: (Change & { readonly created: number })[] = []
  const counter = createCounter()

  const rows = (table: Table) => {
    const found = tables.get(table) ?? new Map<string, Row>()
    tables.set(table, found)
    return found
  }
  const rowOf = (table: Table, ref: string) => rows(table).get(ref) ?? refuse('HANDLE_INVALID', table, ref)
  const living = (table: Table, after: number): Change[] =>
    [...rows(table)]
      .filter(([, { modified }]) => modified > after)
      .map(([ref, { record, created, modified }]) => ({
        ...{ table, ref, record, generation: modified },
        operation: created > after ? 'add' : 'mod',
      }))

  return {
    get generation() {
      return counter.value
    },
    add(table, ref, record) {
      const created = counter.next()
      rows(table).set(ref, { record, created, modified: created })
    },
    change(table, ref, fields) {
      const row = rowOf(table, ref)
      row.record = { ...row.record, ...fields }
      row.modified = counter.next()
    },
    remove(table, ref) {
      const { created } = rowOf(table, ref)
      rows(table).delete(ref)
      gone.push({ table, ref, operation: 'del', generation: counter.next(), created })
    },
    get: (table, ref) => rowOf(table, ref).record,
    has: (table, ref) => rows(table).has(ref),
    all: (table) => new Map([...rows(table)].map(([ref, { record }]) => [ref, record])),
    since: (after, wanted) => [
      ...wanted.flatMap((table) => living(table, after)),
      ...gone.filter((change) => wanted.includes(change.table) && change.generation > after && change.created <= after),
    ],
    nextChange: counter.coming,
  }
}

/** Counts a change, and resolves the promises that wait for one. */
function createCounter() {
  let value = 0
  let next = Promise.withResolvers<void>()
  return {
    get value() {
      return value
    },
    next() {
      next.resolve()
      next = Promise.withResolvers<void>()
      value += 1
      return value
    },
    coming: () => next.promise,
  }
}
