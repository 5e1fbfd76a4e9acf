// Runs clients against a server on loopback that has every fault now and then, and shows that nothing grows.
//
// `pnpm soak [--minutes N]`: ten minutes, if nothing else is said. Prints what was seen, and ends with 1 where something grew.
import { getEventListeners } from 'node:events'
import { setTimeout as pass } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { commandLine } from './command-line.ts'
import type { Sample } from './soak/grown.ts'

const { number } = commandLine('Usage: pnpm soak [--minutes N]', {
  options: { minutes: { type: 'string', default: '10' } },
})
const minutes = number('minutes')
// Showing the usage need not wait for all modules.
const { createState } = await import('@holdfast/core')
const { grown } = await import('./soak/grown.ts')
const { Guests } = await import('./soak/guests.ts')
const { openHouse } = await import('./soak/house.ts')

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const SAMPLES = 30
const WORKERS = 8
/** Milliseconds between two passwords. */
const ROTATION = 20_000

const stop = new AbortController()
const state = createState()
const house = await openHouse()
const guests = new Guests(house, state, stop.signal)
await guests.comeLate()
const until = performance.now() + minutes * 60_000

async function work(): Promise<void> {
  while (performance.now() < until) {
    await guests.step()
    await pass(5)
  }
}

async function rotate(): Promise<void> {
  for (let time = 0; performance.now() < until; time++) {
    guests.password = `open-${time}`
    house.rotate(guests.password)
    await pass(Math.min(ROTATION, Math.max(0, until - performance.now())))
  }
}

async function sample(): Promise<Sample> {
  // The target of a weak reference stays alive until a turn of the event loop ends.
  for (let turn = 0; turn < 3; turn++) {
    await pass(10)
    collect()
  }
  const resources = process.getActiveResourcesInfo()
  return {
    heap: process.memoryUsage().heapUsed,
    ...state.size,
    timers: resources.filter((name) => name === 'Timeout').length,
    sockets: resources.filter((name) => name.includes('TCP')).length,
    listeners: getEventListeners(stop.signal, 'abort').length,
  }
}

const samples: Sample[] = []
async function watch(): Promise<void> {
  for (let at = 0; at < SAMPLES; at++) {
    await pass((minutes * 60_000) / SAMPLES)
    samples.push(await sample())
  }
}

await Promise.all([...Array.from({ length: WORKERS }, work), rotate(), watch()])
await guests.main.close()
await house[Symbol.asyncDispose]()
const after = await sample()
const complaints = grown(samples)
if (after.listeners > 0) complaints.push(`${after.listeners} listeners are left after close`)
console.log(
  JSON.stringify({ minutes, counts: guests.counts, first: samples[0], last: samples.at(-1), after, complaints }),
)
process.exitCode = complaints.length > 0 ? 1 : 0
