import type { Table } from '../database.ts'
import { refuse } from '../refusal.ts'
import type { State } from '../state.ts'
import type { Struct, Value } from '../value.ts'
import { type Asked, type Method, type Methods, text } from './method.ts'

const tables: readonly Table[] = ['VM', 'host', 'pool', 'SR', 'network']

/** Setters of names, descriptions, tags and `other_config` of objects that users may change. */
export const setters = (state: State): Methods => Object.fromEntries(tables.flatMap((table) => settersOf(state, table)))

function settersOf({ database }: State, table: Table): [string, Method][] {
  const set = (name: string, takes: number, change: (record: Struct, asked: Asked) => Struct): [string, Method] => [
    `${table}.${name}`,
    {
      takes: [takes, takes],
      run(asked) {
        const ref = text(asked, 0, 'self')
        database.change(table, ref, change(database.get(table, ref), asked))
        asked.done(`${table}.${name}`, ref)
        return ''
      },
    },
  ]
  return [
    set('set_name_label', 2, (_, asked) => ({ name_label: text(asked, 1, 'value') })),
    set('set_name_description', 2, (_, asked) => ({ name_description: text(asked, 1, 'value') })),
    set('set_tags', 2, (_, asked) => ({ tags: [...new Set(textsOf(asked.args[1]))] })),
    set('add_tags', 2, ({ tags }, asked) => ({ tags: [...new Set([...textsOf(tags), text(asked, 1, 'value')])] })),
    set('remove_tags', 2, ({ tags }, asked) => {
      const gone = text(asked, 1, 'value')
      return { tags: textsOf(tags).filter((tag) => tag !== gone) }
    }),
    set('add_to_other_config', 3, ({ other_config }, asked) => {
      const [key, value] = [text(asked, 1, 'key'), text(asked, 2, 'value')]
      const map = mapOf(other_config)
      if (Object.hasOwn(map, key)) refuse('MAP_DUPLICATE_KEY', table, 'other_config', text(asked, 0, 'self'), key)
      return { other_config: { ...map, [key]: value } }
    }),
    set('remove_from_other_config', 2, ({ other_config }, asked) => {
      const { [text(asked, 1, 'key')]: _, ...rest } = mapOf(other_config)
      return { other_config: rest }
    }),
  ]
}

const mapOf = (value: Value | undefined): Struct => (typeof value === 'object' ? { ...(value as Struct) } : {})

/** A set of texts. */
function textsOf(value: Value | undefined): readonly string[] {
  if (!Array.isArray(value)) refuse('FIELD_TYPE_ERROR', 'value')
  return value.map((item: Value) => (typeof item === 'string' ? item : refuse('FIELD_TYPE_ERROR', 'value')))
}
