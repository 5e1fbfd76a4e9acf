import { keystoneServer } from '@holdfast/keystone/simulator'
import { expect, it } from 'vitest'
import { settingsOf } from '../src/simulator/options.ts'

it('an option that is undefined is none, nor is a member of one', () => {
  const keystone = keystoneServer()
  const durations = { backup: undefined, waiting: 0 }
  const given = { keystone, url: undefined, now: undefined, durations, quota: { backups: undefined } }
  const settings = settingsOf(given as never)
  expect(settings).toMatchObject({ url: '', durations: { backup: 300_000, waiting: 0 }, quota: { backups: 600 } })
  expect(settings.now()).toBeTypeOf('number')
})
