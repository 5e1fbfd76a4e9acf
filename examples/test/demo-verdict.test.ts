import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { get } from '../demo/ask.ts'
import type { Scene } from '../demo/scene.ts'
import { Screen } from '../demo/screen.ts'
import type { Stage } from '../demo/stage.ts'
import { showTable, showVerdict } from '../demo/summary.ts'
import { playScene, type World } from '../demo/system.ts'
import { type EmbeddedVCenter, embeddedVCenter } from '../demo/worlds/vsphere.ts'

const story = { title: 'A scene', about: 'What it promises.', readsOnly: true } as const

/** Plays scenes here and now: how the demo would end, and what it would show. */
async function playHere(scene: (world: World<EmbeddedVCenter>) => Scene<EmbeddedVCenter>) {
  const stream = new PassThrough()
  const shown = text(stream)
  const screen = new Screen(stream)
  const world = await embeddedVCenter()
  const played = [await playScene(scene(world), world, screen, new AbortController().signal)]
  showTable(played, screen)
  const kept = showVerdict(played, 1, screen)
  await world.close()
  stream.end()
  return { kept, shown: await shown }
}

it('a broken promise is named and fails the demo', async () => {
  const { kept, shown } = await playHere(() => ({
    ...story,
    name: 'broken',
    play: async (stage: Stage) =>
      stage.check('the list is empty', (await stage.call(get('/api/vcenter/vm'))).type === 'refused'),
  }))
  expect(kept).toBe(false)
  expect(shown).toContain('1 of 2 promises broken:\n  ✘ broken: the list is empty')
})

it('a request that the client does not know of is a broken promise', async () => {
  const { kept, shown } = await playHere(({ url }) => ({
    ...story,
    name: 'bypassed',
    play: async () => void (await fetch(`${url}/api/session`)),
  }))
  expect(kept).toBe(false)
  expect(shown).toContain('✘ bypassed: client and server count the same 1 requests')
})

it('a scene that breaks off is a broken promise', async () => {
  const { kept, shown } = await playHere(() => ({
    ...story,
    name: 'torn',
    play: () => Promise.reject(new Error('the curtain fell')),
  }))
  expect(kept).toBe(false)
  expect(shown).toContain('the curtain fell')
})

it('a scene that changes things is not played where nothing may be changed', async () => {
  const stream = new PassThrough().resume()
  const world = await embeddedVCenter()
  const { server: _, ...real } = world
  const scene: Scene<EmbeddedVCenter> = {
    ...story,
    name: 'changing',
    readsOnly: false,
    play: () => Promise.resolve(),
  }
  const { checks } = await playScene(scene, real, new Screen(stream), new AbortController().signal)
  await world.close()
  expect(checks.map(({ kept }) => kept)).toEqual([false])
})
