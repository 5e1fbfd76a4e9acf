import fc from 'fast-check'
import { beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { isOptionsError, type ResilientOptions, resilient } from '../src/index.ts'
import { type CodeOf, defineCatalogue, defineVendor, type ErrorRow, type Fault, type Spelt } from '../src/plugin.ts'
import { failure, played } from './helpers/play.ts'
import { type Answer, fine, stubFetch } from './helpers/stub-fetch.ts'

const url = 'https://store.example/shelves'

beforeEach(() => {
  vi.useFakeTimers()
})

/** A store whose shelves are made by others: their codes all begin alike, and some say in words what went wrong. */
const catalogue = defineCatalogue('store', [
  { code: 'SHELF_*', kind: 'fatal', outcome: 'rejected', params: ['cause', 'number'], hint: 'Ask its maker.' },
  {
    code: 'SHELF_IN_USE',
    refines: 'SHELF_*',
    when: { param: 'cause', includes: ['in use', 'Busy'] },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    hint: 'Wait for the shelf.',
  },
  { code: 'SHELF_WORN', refines: 'SHELF_*', kind: 'conflict', outcome: 'rejected', hint: 'Mend it.' },
  { code: 'SHELF_46', kind: 'retryable', outcome: 'unknown', pace: 'fast', params: ['cause'], hint: 'It is slow.' },
  { code: 'SHELF_9*', kind: 'conflict', outcome: 'rejected', achieved: true, hint: 'It stands already.' },
  { code: 'SHELF_9*', status: 503, kind: 'retryable', outcome: 'rejected', pace: 'slow', hint: 'It is being built.' },
  {
    code: 'ANY_SHUT',
    refines: 'DOOR_SHUT',
    when: { includes: ['everywhere'] },
    kind: 'conflict',
    outcome: 'rejected',
    hint: 'Come back tomorrow.',
  },
  { code: 'DOOR_SHUT', kind: 'fatal', outcome: 'rejected', params: ['why'], hint: 'Open it.' },
  {
    code: 'DOOR_SHUT_FOR_LUNCH',
    refines: 'DOOR_SHUT',
    when: { param: 'why', includes: ['lunch'] },
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    hint: 'Come back at one.',
  },
])
type StoreRow = (typeof catalogue)['rows'][number]

const vendor = defineVendor<StoreRow>({
  name: 'store',
  catalogue,
  parse: ({ text }) => (text.startsWith('{"code"') ? (JSON.parse(text) as Fault) : undefined),
})
const says =
  (code: string, more: Partial<Fault> = {}): Answer =>
  () =>
    new Response(JSON.stringify({ code, ...more }), { status: more.status ?? 400 })

const found = (code: string, more: Partial<Fault> = {}) => {
  const row: ErrorRow | undefined = catalogue.find({ code, ...more })
  return row && `${row.code}${row.status === undefined ? '' : ` ${row.status}`}`
}
const failureOn = (answer: Answer, options: ResilientOptions<StoreRow> = {}) =>
  failure(resilient(stubFetch(answer).fetch, { vendor, retry: 0, ...options })(url, { method: 'POST' }))

describe('a family of codes', () => {
  it.each<[string, Partial<Fault>, string | undefined]>([
    ['SHELF_1', {}, 'SHELF_*'],
    ['SHELF_', {}, 'SHELF_*'],
    ['SHELF_46', {}, 'SHELF_46'],
    ['SHELF_461', {}, 'SHELF_*'],
    ['SHELF_91', {}, 'SHELF_9*'],
    ['SHELF_91', { status: 400 }, 'SHELF_9*'],
    ['SHELF_91', { status: 503 }, 'SHELF_9* 503'],
    ['SHELF', {}, undefined],
    ['MY_SHELF_1', {}, undefined],
    ['shelf_1', {}, undefined],
    ['', {}, undefined],
  ])('speaks for every code that begins like it and has no row of its own: %j %j', (code, more, row) => {
    expect(found(code, more)).toBe(row)
  })

  it.each<[string, Partial<Fault>, string]>([
    ['SHELF_1', { params: ['VDI is IN USE by another'] }, 'SHELF_IN_USE'],
    ['SHELF_46', { params: ['too busy'] }, 'SHELF_IN_USE'],
    ['SHELF_91', { params: ['busy'] }, 'SHELF_9*'],
    ['SHELF_1', { params: ['idle', 'busy'] }, 'SHELF_*'],
    ['SHELF_1', { params: [] }, 'SHELF_*'],
    ['SHELF_1', {}, 'SHELF_*'],
    ['SHELF_1', { params: [undefined, null] }, 'SHELF_*'],
    ['SHELF_1', { params: [['busy']] }, 'SHELF_*'],
    ['SHELF_1', { details: ['SHELF_WORN'] }, 'SHELF_WORN'],
    ['SHELF_46', { details: ['x', 'SHELF_WORN'] }, 'SHELF_WORN'],
    ['SHELF_1', { details: ['SHELF_WORN'], params: ['busy'] }, 'SHELF_WORN'],
    ['DOOR_SHUT', { params: ['Lunch'] }, 'DOOR_SHUT_FOR_LUNCH'],
    ['DOOR_SHUT', { params: [12] }, 'DOOR_SHUT'],
    ['DOOR_SHUT', { params: [12, {}, 'Everywhere'] }, 'ANY_SHUT'],
    ['DOOR_SHUT', {}, 'DOOR_SHUT'],
  ])('and a row are refined by finer codes and by what a parameter says: %s %j', (code, more, row) => {
    expect(found(code, more)).toBe(row)
  })

  it('is in the error with the code as it came, the finer one, and the parameters by name', async () => {
    expect(await failureOn(says('SHELF_7', { params: ['busy', 3] }))).toMatchObject({
      code: 'SHELF_7',
      detail: 'SHELF_IN_USE',
      kind: 'retryable',
    })
    expect(await failureOn(says('SHELF_7', { params: ['gone', 3] }))).toMatchObject({
      kind: 'fatal',
      outcome: 'rejected',
      hint: 'Ask its maker.',
      params: { cause: 'gone', number: 3 },
    })
  })

  it('is explained: as a family, as one of its codes, as an error that was met', async () => {
    const client = resilient(stubFetch(says('SHELF_7', { details: ['SHELF_WORN'] })).fetch, { vendor, retry: 0 })
    expect((await client.explain({ code: 'SHELF_*' })).row?.code).toBe('SHELF_*')
    expect((await client.explain(await failure(client(url)))).row?.code).toBe('SHELF_WORN')
    expect((await client.explain({ code: 'SHELF_IN_USE' })).row?.code).toBe('SHELF_IN_USE')
  })
})

describe('the user’s word on a family', () => {
  const retryable = { kind: 'retryable', outcome: 'rejected' } as const

  it('holds for its codes, those of its finer rows included, and not for one with a row of its own', async () => {
    const options = { errors: { 'SHELF_*': { kind: 'conflict' } } } as const
    expect(await failureOn(says('SHELF_7'), options)).toMatchObject({ kind: 'conflict' })
    expect(await failureOn(says('SHELF_7', { params: ['busy'] }), options)).toMatchObject({ kind: 'conflict' })
    expect(await failureOn(says('SHELF_46'), options)).toMatchObject({ kind: 'retryable' })
    expect(await failureOn(says('SHELF_91'), options)).toMatchObject({ kind: 'conflict' })
  })

  it('yields to a word on one of its codes, and that to a word on the finer one', async () => {
    const { fetch, sent } = stubFetch(says('SHELF_7'), fine)
    const errors = { 'SHELF_*': { kind: 'conflict' }, SHELF_7: retryable } as const
    const client = resilient(fetch, { vendor, errors })
    expect((await played(client(url, { method: 'POST' }))).status).toBe(200)
    expect(sent).toHaveLength(2)
    const finer = { ...errors, SHELF_IN_USE: { kind: 'auth' } } as const
    expect(await failureOn(says('SHELF_7', { params: ['busy'] }), { errors: finer })).toMatchObject({ kind: 'auth' })
  })

  it('is checked by name', () => {
    const made = (errors: object) => () => resilient(fetch, { vendor, errors: errors as never })
    for (const code of ['SHELF_7', 'SHELF_', 'SHELF_*', 'SHELF_46']) expect(made({ [code]: retryable })).not.toThrow()
    for (const code of ['SHELV_7', 'SHELF', 'SHELF_B*', '*']) {
      expect(made({ [code]: { trips: true } })).toThrow(expect.toSatisfy(isOptionsError))
    }
  })

  it('is typed by the codes that begin so', () => {
    expectTypeOf<Spelt<CodeOf<typeof catalogue>>>().toEqualTypeOf<
      | `SHELF_${string}`
      | 'SHELF_IN_USE'
      | 'SHELF_WORN'
      | 'SHELF_46'
      | `SHELF_9${string}`
      | 'DOOR_SHUT'
      | 'ANY_SHUT'
      | 'DOOR_SHUT_FOR_LUNCH'
    >()
    const good: ResilientOptions<StoreRow> = {
      errors: { SHELF_7: { kind: 'conflict' }, SHELF_46: { outcome: 'rejected' } },
    }
    // @ts-expect-error: no code looks so
    const bad: ResilientOptions<StoreRow> = { errors: { shelf_7: { kind: 'conflict' } } }
    expect([good, bad]).toHaveLength(2)
  })
})

describe('a catalogue that cannot be meant is refused', () => {
  const row = { kind: 'fatal', outcome: 'rejected', hint: 'x' } as const
  it.each<[string, readonly ErrorRow[], RegExp]>([
    [
      'two of a family',
      [
        { ...row, code: 'A_*' },
        { ...row, code: 'A_*' },
      ],
      /two rows for A_\*/,
    ],
    [
      'a look at a parameter that is not there',
      [
        { ...row, code: 'A', params: ['a'] },
        { ...row, code: 'B', refines: 'A', when: { param: 'b', includes: ['x'] } },
      ],
      /parameter b, which A has not/,
    ],
    [
      'a look at a parameter of nothing',
      [{ ...row, code: 'A', when: { param: 'b', includes: ['x'] } }],
      /refines nothing/,
    ],
    [
      'a finer row of no family',
      [
        { ...row, code: 'A_*' },
        { ...row, code: 'B', refines: 'A_1' },
      ],
      /A_1, which has no row/,
    ],
  ])('%s', (_, rows, message) => {
    expect(() => defineCatalogue('x', rows)).toThrow(message)
  })
})

/** The rules of a look-up, one after the other, with nothing kept. */
function slowFind(rows: readonly ErrorRow[], { code, status, details = [], params = [] }: Omit<Fault, 'message'>) {
  const plain = rows.filter(({ refines }) => refines === undefined)
  const best = (some: readonly ErrorRow[]) => some.find((row) => row.status === status) ?? some[0]
  const families = plain
    .filter((row) => row.code.endsWith('*') && code.startsWith(row.code.slice(0, -1)))
    .toSorted((a, b) => b.code.length - a.code.length)
  const family = best(families.filter((row) => row.code === families[0]?.code))
  const spoken = best(plain.filter((row) => row.code === code)) ?? family
  const bases: string[] = [code, ...(family === undefined || family.code === code ? [] : [family.code])]
  for (const detail of details) {
    for (const base of bases) {
      const refined = rows.find((row) => row.refines === base && row.code === detail)
      if (refined !== undefined) return refined
    }
  }
  if (spoken === undefined) return undefined
  for (const [base, signature] of [
    [code, spoken],
    [family?.code, family],
  ] as const) {
    const refined = rows.find(({ refines, when }) => {
      if (base === undefined || refines !== base || when === undefined) return false
      const isLookedAt = (at: number) => when.param === undefined || signature?.params?.indexOf(when.param) === at
      return params.some(
        (value, at) =>
          typeof value === 'string' &&
          isLookedAt(at) &&
          when.includes.some((text) => value.toLowerCase().includes(text.toLowerCase())),
      )
    })
    if (refined !== undefined) return refined
  }
  return spoken
}

describe('find', () => {
  const name = fc.constantFrom('A', 'B', 'A_1', 'A_12', 'A_2', 'C')
  const plain = fc.record({
    code: fc.oneof(name, fc.constantFrom('A*', 'A_*', 'A_1*', '*')),
    status: fc.constantFrom(undefined, 400, 503),
    params: fc.constantFrom(undefined, ['p'], ['p', 'q'], ['q', 'p']),
  })
  const finer = fc.record({
    code: fc.constantFrom('X', 'Y', 'Z'),
    base: fc.nat(),
    when: fc.constantFrom(
      undefined,
      { at: 0, includes: ['Full'] },
      { at: 1, includes: ['old', 'torn'] },
      { includes: ['l'] },
    ),
  })
  const rowsOf = fc
    .tuple(fc.array(plain, { minLength: 1, maxLength: 8 }), fc.array(finer, { maxLength: 4 }))
    .map(([plains, finers]): readonly ErrorRow[] => {
      const fixed = { kind: 'fatal', outcome: 'rejected', hint: 'x' } as const
      const own = plains.map(
        ({ status, params, ...row }): ErrorRow => ({
          ...fixed,
          ...row,
          ...(status && { status }),
          ...(params && { params }),
        }),
      )
      return [
        ...own,
        ...finers.map(({ code, base, when }): ErrorRow => {
          const { code: refines = '' } = own[base % own.length] ?? {}
          // Where a code has several rows, a look at a parameter is checked against the first of them.
          const first = own.find((row) => row.code === refines)?.params
          const { at, includes = [] } = when ?? {}
          const param = at === undefined ? undefined : first?.[at]
          const isMeant = at === undefined || param !== undefined
          return { ...fixed, code, refines, ...(when && isMeant && { when: { ...(param && { param }), includes } }) }
        }),
      ]
    })
  const fault = fc.record({
    code: name,
    status: fc.constantFrom(undefined, 400, 503, 500),
    details: fc.constantFrom(undefined, [], ['X'], ['N', 'Y', 'X'], ['Z']),
    params: fc.constantFrom(undefined, [], ['full'], [7, 'TORN'], ['old', 'so full'], [null, 'old']),
  })

  it('agrees with a slow and obvious look-up', () => {
    fc.assert(
      fc.property(rowsOf, fc.array(fault, { minLength: 1 }), (rows, faults) => {
        let made: ReturnType<typeof defineCatalogue>
        try {
          made = defineCatalogue('x', rows)
        } catch (error) {
          expect(String(error)).toMatch(/two rows for/)
          return
        }
        for (const { status, details, params, code } of faults) {
          const one = { code, ...(status && { status }), ...(details && { details }), ...(params && { params }) }
          expect(made.find(one)).toBe(slowFind(made.rows, one))
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
