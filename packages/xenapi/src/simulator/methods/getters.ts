import type { Table } from '../database.ts'
import { hostRecord, networkRecord, poolRecord, sessionRecord, srRecord, taskRecord, vmRecord } from '../records.ts'
import { refuse } from '../refusal.ts'
import type { State } from '../state.ts'
import type { Struct, Value } from '../value.ts'
import { type Asked, type Method, type Methods, text } from './method.ts'

const any = { uuid: '', name: '', host: '' }

/** The fields of every class, and whether its records are listed. */
const classes: Readonly<Record<Table, { readonly fields: readonly string[]; readonly listed: boolean }>> = {
  VM: { fields: Object.keys(vmRecord({ ...any, power: 'Halted' })), listed: true },
  host: { fields: Object.keys(hostRecord({ ...any, address: '' })), listed: true },
  pool: { fields: Object.keys(poolRecord({ ...any, master: '' })), listed: true },
  SR: { fields: Object.keys(srRecord(any)), listed: true },
  network: { fields: Object.keys(networkRecord(any)), listed: true },
  task: { fields: Object.keys(taskRecord(any)), listed: true },
  session: { fields: Object.keys(sessionRecord({ ...any, user: '', originator: '' })), listed: false },
}

/** `get_record`, `get_all`, `get_by_uuid` and one getter a field, for every class. */
export function getters(state: State): Methods {
  return Object.fromEntries(
    Object.entries(classes).flatMap(([table, { fields, listed }]) => [
      ...single(state, table as Table, fields),
      ...(listed ? lists(state, table as Table) : []),
    ]),
  )
}

function single({ database, tasks }: State, table: Table, fields: readonly string[]): [string, Method][] {
  const get = (name: string, pick: (record: Struct) => Value): [string, Method] => [
    `${table}.${name}`,
    {
      takes: [1, 1],
      async run(asked) {
        const ref = text(asked, 0, 'self')
        if (table === 'task') await tasks.ask(ref)
        return pick(database.get(table, ref))
      },
    },
  ]
  return [
    get('get_record', (record) => record),
    ...fields.map((field) => get(`get_${field}`, (record) => record[field] ?? '')),
  ]
}

function lists({ database, tasks }: State, table: Table): [string, Method][] {
  const list = (name: string, least: 0 | 1, pick: (all: ReadonlyMap<string, Struct>, asked: Asked) => Value) => {
    const run = async (asked: Asked) => {
      if (table === 'task') await tasks.askAll()
      return pick(database.all(table), asked)
    }
    return [`${table}.${name}`, { takes: [least, least], run }] satisfies [string, Method]
  }
  const withField = (all: ReadonlyMap<string, Struct>, field: string, value: string) =>
    [...all].filter(([, record]) => record[field] === value).map(([ref]) => ref)
  return [
    list('get_all', 0, (all) => [...all.keys()]),
    list('get_all_records', 0, (all) => Object.fromEntries(all)),
    list('get_by_name_label', 1, (all, asked) => withField(all, 'name_label', text(asked, 0, 'label'))),
    list('get_by_uuid', 1, (all, asked) => {
      const uuid = text(asked, 0, 'uuid')
      return withField(all, 'uuid', uuid)[0] ?? refuse('UUID_INVALID', table, uuid)
    }),
  ]
}
