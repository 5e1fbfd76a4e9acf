import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { type SimulatedVCenter, startVCenter } from '../demo/environments/vsphere.ts'
import { get } from '../demo/request.ts'
import type { Runner } from '../demo/runner.ts'
import type { Scenario } from '../demo/scenario.ts'
import { Screen } from '../demo/screen.ts'
import { showTable, showVerdict } from '../demo/summary.ts'
import { type Environment, runScenario } from '../demo/system.ts'

const info = { title: 'A scenario', about: 'What it promises.', readsOnly: true } as const

/** Runs a scenario and returns the verdict of the demo, and its output. */
async function runHere(scenario: (environment: Environment<SimulatedVCenter>) => Scenario<SimulatedVCenter>) {
  const stream = new PassThrough()
  const shown = text(stream)
  const screen = new Screen(stream)
  const environment = await startVCenter()
  const results = [await runScenario(scenario(environment), environment, screen, new AbortController().signal)]
  showTable(results, screen)
  const kept = showVerdict(results, 1, screen)
  await environment.close()
  stream.end()
  return { kept, shown: await shown }
}

it('a broken promise is named and fails the demo', async () => {
  const { kept, shown } = await runHere(() => ({
    ...info,
    name: 'broken',
    run: async (runner: Runner) =>
      runner.check('the list is empty', (await runner.call(get('/api/vcenter/vm'))).type === 'refused'),
  }))
  expect(kept).toBe(false)
  expect(shown).toContain('1 of 2 promises broken:\n  ✘ broken: the list is empty')
})

it('a request that the client does not know of is a broken promise', async () => {
  const { kept, shown } = await runHere(({ url }) => ({
    ...info,
    name: 'bypassed',
    run: async () => void (await fetch(`${url}/api/session`)),
  }))
  expect(kept).toBe(false)
  expect(shown).toContain('✘ bypassed: client and server count the same 1 requests')
})

it('a scenario that throws is a broken promise', async () => {
  const { kept, shown } = await runHere(() => ({
    ...info,
    name: 'thrown',
    run: () => Promise.reject(new Error('the server is gone')),
  }))
  expect(kept).toBe(false)
  expect(shown).toContain('the server is gone')
})

it('a scenario that changes things does not run where nothing may be changed', async () => {
  const stream = new PassThrough().resume()
  const environment = await startVCenter()
  const { server: _, ...real } = environment
  const scenario: Scenario<SimulatedVCenter> = {
    ...info,
    name: 'changing',
    readsOnly: false,
    run: () => Promise.resolve(),
  }
  const { checks } = await runScenario(scenario, real, new Screen(stream), new AbortController().signal)
  await environment.close()
  expect(checks.map(({ kept }) => kept)).toEqual([false])
})
