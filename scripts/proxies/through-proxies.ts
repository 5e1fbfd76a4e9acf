import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Backend, startBackend } from './backend.ts'
import { type Front, type Proxies, startProxies, whyAbsent } from './proxies.ts'
import { type SendOptions, type SendResult, send } from './send.ts'

/** One proxy with the back end behind it, to be used inside tests. */
export interface Proxy {
  readonly name: 'nginx' | 'haproxy'
  readonly front: Front
  /** Sends `GET /path` or `POST /path` through it; see `send` of `send.ts`. */
  send(what: string, options?: SendOptions): Promise<SendResult>
  /** Lets the back end answer what came to its `/held`. */
  release(): void
}

/** Options of the run. */
export interface ThroughOptions {
  /** Runs all of them at the same time. @default true */
  readonly concurrent?: boolean
  /** Starts a vCenter for both proxies and gives its port. @default none, and its paths are refused */
  readonly vcenterPort?: () => Promise<number>
}

/** A port that nothing listens at. */
const NOBODY = 1

/**
 * Declares the same tests for nginx and for HAProxy, and starts both before them.
 *
 * Where they are not installed the suite is skipped and says why; with `HOLDFAST_REQUIRE_PROXIES=1` it fails.
 */
export function throughProxies(title: string, tests: (proxy: Proxy) => void, options: ThroughOptions = {}) {
  const { concurrent = true, vcenterPort = async () => NOBODY } = options
  const absent = whyAbsent()
  if (absent !== undefined && process.env.HOLDFAST_REQUIRE_PROXIES === '1') {
    return test(title, () => expect.fail(absent))
  }
  if (absent !== undefined) console.warn(`SKIPPED: ${title}\n${absent}`)
  describe.skipIf(absent !== undefined)(absent === undefined ? title : `${title} (${absent})`, () => {
    let backend: Backend
    let proxies: Proxies
    beforeAll(async () => {
      backend = await startBackend()
      proxies = await startProxies(backend.port, await vcenterPort())
    })
    afterAll(async () => {
      await proxies?.[Symbol.asyncDispose]()
      await backend?.[Symbol.asyncDispose]()
    })
    describe.each(['nginx', 'haproxy'] as const)('%s', { concurrent }, (name) => {
      tests({
        name,
        get front() {
          return proxies[name]
        },
        send: (what, options) => send(proxies[name].origin, backend, what, options),
        release: () => backend.release(),
      })
    })
  })
}
