import { now } from '../model/clock.ts'
import { type Contender, perClient } from '../model/contender.ts'
import type { Priority } from '../model/scenario.ts'
import type { Server } from '../model/server.ts'
import { PATIENCE } from '../model/times.ts'
import type { World } from '../model/world.ts'

/**
 * A client that knows the state of the servers. Calls wait, the important and then the old ones first, and one is sent whenever a
 * worker is free; a call that would be late is given up.
 */
export const ideal: Contender = {
  name: 'ideal',
  hasSessions: true,
  async start({ world }) {
    const lines = world.servers.map((server) => new Line(server))
    const tokenOf = world.sessions && perClient(() => new Token(world))
    return async (request) => {
      const call = world.calls[request.id]
      const line = call && lines[call.server]
      if (call === undefined || line === undefined) throw new Error('There is no such call.')
      const busy = call.at + call.busyFor - now()
      if (busy > 0) await new Promise((resolve) => setTimeout(resolve, Math.ceil(busy)))
      const token = await tokenOf?.(request.client).get()
      return new Promise((resolve, reject) => {
        const { url, method, priority } = request
        const giveUp = (): void => reject(new Error('It would be late.'))
        const go = (): void =>
          world.send({ url, method, token, isLucky: true }, (answer) => {
            if (answer.type === 'reply') resolve(answer.status)
            // After a crash, calls that may be repeated go back into the line.
            else if (method === 'POST') reject(new Error(answer.type))
            else line.join(priority, waiting)
          })
        const waiting = { deadline: call.at + PATIENCE, go, giveUp }
        line.join(priority, waiting)
      })
    }
  },
}

interface Waiting {
  readonly deadline: number
  go(): void
  giveUp(): void
}

/** Those who wait for one server. */
class Line {
  readonly #server: Server
  readonly #waiting = { high: [] as Waiting[], normal: [] as Waiting[], low: [] as Waiting[] }
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(server: Server) {
    this.#server = server
    server.onRoom = () => this.#pump()
  }

  join(priority: Priority, waiting: Waiting): void {
    this.#waiting[priority].push(waiting)
    this.#pump()
  }

  #pump(): void {
    const { high, normal, low } = this.#waiting
    for (;;) {
      const queue = [high, normal, low].find(({ length }) => length > 0)
      const wait = this.#server.roomIn()
      if (queue === undefined || wait === Number.POSITIVE_INFINITY) return
      if (wait > 0) return this.#pumpIn(wait)
      const first = queue.shift()
      if (first === undefined) return
      if (first.deadline < now() + this.#server.condition.serviceTime * 2) first.giveUp()
      else first.go()
    }
  }

  #pumpIn(wait: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#pump()
    }, wait)
  }
}

/** The session of one client, renewed once in each era. */
class Token {
  readonly #world: World
  #era = -1
  #token: Promise<string> | undefined

  constructor(world: World) {
    this.#world = world
  }

  get(): Promise<string> {
    const era = this.#world.sessions?.era ?? 0
    if (this.#token === undefined || this.#era !== era) {
      this.#era = era
      this.#token = new Promise((resolve) => {
        this.#world.send({ url: '/api/session', method: 'POST', token: undefined }, (answer) => {
          resolve(answer.type === 'reply' ? JSON.parse(answer.body ?? '""') : '')
        })
      })
    }
    return this.#token
  }
}
