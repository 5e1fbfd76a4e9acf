import { expect, test } from 'vitest'
import { installClock, now, passUntil, restart } from './model/clock.ts'
import { well } from './model/condition.ts'
import { exponential, seeded } from './model/random.ts'
import { Server } from './model/server.ts'

const MEAN = 1_000

installClock()

interface Counts {
  arrived: number
  waited: number
  refused: number
  ended: number
}

/** Poisson arrivals at a server with exponentially distributed work. */
async function observe(options: { workers: number; queue: number; load: number; arrivals: number }): Promise<Counts> {
  restart()
  const { workers, queue, load, arrivals } = options
  const random = seeded(7)
  const server = new Server({ ...well(workers, queue), serviceTime: MEAN })
  const seen: Counts = { arrived: 0, waited: 0, refused: 0, ended: 0 }
  let at = 0
  const arrive = (): void => {
    seen.arrived++
    let began = false
    server.accept({
      length: exponential(random),
      luck: 1,
      began: () => {
        began = true
      },
      answer: (answer) => {
        seen.ended++
        if (answer.type === 'reply' && answer.status === 503) seen.refused++
      },
    })
    if (!began && server.queued > 0) seen.waited++
    schedule()
  }
  const schedule = (): void => {
    if (seen.arrived === arrivals) return
    at += (exponential(random) * MEAN) / (load * workers)
    setTimeout(arrive, Math.round(at) - now())
  }
  schedule()
  await passUntil(() => seen.ended === arrivals)
  return seen
}

/** Probabilities of 0 to `size` requests in a server with that many places. */
function stateProbabilities(workers: number, size: number, offered: number): number[] {
  const weights = [1]
  for (let n = 1; n <= size; n++) weights.push(((weights[n - 1] ?? 0) * offered) / Math.min(n, workers))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** Share of requests that wait, by Erlang's second formula. */
function erlangC(workers: number, offered: number): number {
  const free = stateProbabilities(workers, workers, offered)
  const blocked = free[workers] ?? 0
  return blocked / (1 - (offered / workers) * (1 - blocked))
}

test('as many requests wait for a worker as Erlang C says', async () => {
  const { waited, arrived } = await observe({ workers: 4, queue: 1e9, load: 0.7, arrivals: 60_000 })
  const expected = erlangC(4, 2.8)
  expect(Math.abs(waited / arrived / expected - 1)).toBeLessThan(0.02)
})

test('as many requests are refused by a full queue as M/M/c/K says', async () => {
  const { refused, arrived } = await observe({ workers: 4, queue: 6, load: 1, arrivals: 60_000 })
  const expected = stateProbabilities(4, 10, 4)[10] ?? 0
  expect(Math.abs(refused / arrived / expected - 1)).toBeLessThan(0.02)
})
