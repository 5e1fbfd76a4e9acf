import { keystoneServer } from '@holdfast/keystone/simulator'
import { expect, it } from 'vitest'
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
