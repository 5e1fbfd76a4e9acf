import type { Change, Database, Table } from '../database.ts'
import { refuse } from '../refusal.ts'
import type { State } from '../state.ts'
import { i4, type Struct, Typed, type Value } from '../value.ts'
import { type Asked, type Methods, text } from './method.ts'

/** Classes that have events: all but sessions. */
const tables: readonly Table[] = ['VM', 'host', 'pool', 'SR', 'network', 'task']

/** The long poll for events. */
export function eventMethods(state: State): Methods {
  return {
    'event.from': { takes: [3, 3], run: (asked) => from(state, asked) },
    'event.inject': {
      takes: [2, 2],
      run(asked) {
        const table = tables.find((candidate) => candidate.toLowerCase() === text(asked, 0, 'class').toLowerCase())
        const before = state.database.generation
        if (table !== undefined) state.database.change(table, text(asked, 1, 'ref'), {})
        return tokenOf(before)
      },
    },
  }
}

/** Answers as soon as there is an event, or when the caller's time is over. */
async function from({ database, tasks }: State, asked: Asked): Promise<Value> {
  const wanted = tablesIn(asked.args[0])
  const after = generationIn(text(asked, 1, 'token'))
  const end = endOf(asked)
  try {
    if (wanted.includes('task')) await tasks.askAll()
    for (;;) {
      const changes = database.since(after, wanted)
      if (changes.length > 0 || end.hasCome()) return answer(database, changes)
      await Promise.race([database.nextChange(), end.coming])
      if (!database.has('session', asked.session)) refuse('SESSION_INVALID', asked.session)
    }
  } finally {
    end.forget()
  }
}

function answer(database: Database, changes: readonly Change[]): Value {
  return {
    events: changes.map(eventOf),
    valid_ref_counts: Object.fromEntries(
      tables.map((table) => [table.toLowerCase(), i4(database.all(table).size)] as const),
    ),
    token: tokenOf(database.generation),
  }
}

const eventOf = ({ table, ref, operation, generation, record }: Change): Struct => ({
  id: String(generation),
  timestamp: '0.0',
  class: table.toLowerCase(),
  operation,
  ref,
  ...(record !== undefined && { snapshot: record }),
})

const tokenOf = (generation: number) => `${String(generation).padStart(20, '0')},${'0'.repeat(20)}`

function generationIn(token: string): number {
  if (token === '') return 0
  if (!/^\d+,\d+$/.test(token)) refuse('EVENT_FROM_TOKEN_PARSE_FAILURE', token)
  return Number.parseInt(token, 10)
}

/** `*` for all, a class, or one object of it: `vm/OpaqueRef:vm-1`, here the same as the class. */
function tablesIn(classes: Value | undefined): readonly Table[] {
  if (!Array.isArray(classes)) refuse('FIELD_TYPE_ERROR', 'classes')
  const names = new Set(classes.map((name) => String(name).split('/')[0]?.toLowerCase()))
  return names.has('*') ? tables : tables.filter((table) => names.has(table.toLowerCase()))
}

function endOf({ args, signal }: Asked) {
  const [, , timeout] = args
  const seconds = timeout instanceof Typed ? timeout.value : Number(timeout)
  if (Number.isNaN(seconds)) refuse('FIELD_TYPE_ERROR', 'timeout')
  const { promise: coming, resolve } = Promise.withResolvers<void>()
  let isOver = false
  const come = () => {
    isOver = true
    resolve()
  }
  const timer = setTimeout(come, seconds * 1000)
  signal.addEventListener('abort', come, { once: true })
  return { coming, hasCome: () => isOver, forget: () => clearTimeout(timer) }
}
