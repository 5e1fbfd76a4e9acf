import { keystoneServer } from '@holdfast/keystone/simulator'
import { expect, it } from 'vitest'
import { vbsServer } from '../src/simulator/index.ts'
import { settingsOf } from '../src/simulator/options.ts'

it('an option that is undefined is none, nor is a member of one', () => {
  const keystone = keystoneServer()
  const durations = { backup: undefined, waiting: 0 }
  const volumes = { a: { size: undefined, name: undefined } }
  const given = { keystone, url: undefined, now: undefined, volumes, durations, quota: { backups: undefined } }
  const settings = settingsOf(given as never)
  expect(settings.volumes.get('a')).toEqual({ name: 'disk_a', status: 'available', size: 10 })
  expect(settings).toMatchObject({ url: '', durations: { backup: 300_000, waiting: 0 }, quota: { backups: 100 } })
  expect(settings.now()).toBeTypeOf('number')
})

it.each<[string, (backups: ReturnType<typeof vbsServer>) => void, string]>([
  ['no code', ({ faults }) => faults.fail(undefined as never), 'option `code` '],
  ['a delay with its unit', ({ faults }) => faults.late('5s' as never), 'option `ms` must be a number'],
  ['no status', ({ faults }) => faults.status(9_999), 'option `status` must be'],
  ['work of no kind', (backups) => backups.failWork('backups' as never, { code: 'x' }), 'option `kind` must be one of'],
  ['a failure without a code', (backups) => backups.failWork('backup', {} as never), 'option `code` '],
])('faults on command are refused for %s', (_, script, why) => {
  const backups = vbsServer({ keystone: keystoneServer() })
  expect(() => script(backups)).toThrow(why)
})

it('a clock is set by numbers alone', () => {
  expect(() => keystoneServer().advance('5s' as never)).toThrow('option `ms` must be a number')
  expect(() => keystoneServer().setPassword('operator', undefined as never)).toThrow('option `password` is missing')
})
