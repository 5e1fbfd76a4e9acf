import { urlPart } from '@holdfast/core/plugin'
/** The query of a list: filters that are `undefined` are left out, and the sort order comes last. */
export function listQuery(filters: Readonly<Record<string, string | undefined>>, order: string): string {
  const given = Object.entries(filters).flatMap(([filter, value]) =>
    value === undefined ? [] : [`${filter}=${urlPart(value)}`],
  )
  return [...given, ...(order === '' ? [] : [order])].join('&')
}
