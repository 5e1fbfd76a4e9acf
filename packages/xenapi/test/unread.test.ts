import { type Fetch, isVendorError } from '@holdfast/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createXenApi, type XenApiClientOptions } from '../src/client.ts'
import { failureOfCall, one, password, played, quick, username } from './calls.ts'
import { jsonReply, value } from './pool.ts'

/** A host whose answers to anything but logins are these, one after the other, the last for ever. */
function hostOf(...answers: (() => Response | Promise<Response>)[]) {
  const heard: string[] = []
  const fetch: Fetch = async (_input, init) => {
    const { method } = JSON.parse(String(init?.body)) as { method: string }
    if (method.startsWith('session.')) return jsonReply(value('OpaqueRef:1'))
    heard.push(method)
    return (answers[Math.min(heard.length, answers.length) - 1] ?? Response.error)()
  }
  const xen = (options: Partial<XenApiClientOptions> = {}) =>
    createXenApi({ url: one, username, password, retry: quick, fetch, ...options } as XenApiClientOptions)
  return { heard, xen }
}

const good = () => jsonReply(value('fine'))
const begun = '{"jsonrpc":"2.0","result":["a'

/** A body that begins well and then does as it likes. */
const going = (then?: (controller: ReadableStreamDefaultController<Uint8Array>) => void) => () => {
  let asked = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const turn = asked++
      if (turn === 0) return controller.enqueue(new TextEncoder().encode(begun))
      return turn === 1 && then !== undefined ? then(controller) : new Promise(() => {})
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
const broken = going((controller) => controller.error(new TypeError('terminated')))

describe('an answer that', () => {
  const unreadable: readonly (readonly [string, () => Response])[] = [
    ['is empty', () => new Response('')],
    ['is cut off before it says anything', () => new Response('{"jsonrpc":"2.0",')],
    ['is cut off in its value', () => new Response(begun)],
    ['is a page', () => new Response('<html>maintenance</html>')],
    ['is something else', () => Response.json('odd')],
    ['breaks in its value', broken],
  ]

  it.each(unreadable)('%s leaves open whether what acts was done, and is not asked for twice', async (_, answer) => {
    const { heard, xen } = hostOf(answer)
    const failure = await failureOfCall(xen().call('VM.clone', 'vm-1', 'copy'))
    expect(isVendorError(failure) && failure).toMatchObject({ outcome: 'unknown', mayBeDone: true })
    expect(String(failure)).toMatch(/The answer to VM\.clone (?:cannot be read|broke off)/)
    expect(heard).toEqual(['VM.clone'])
  })

  it.each(unreadable)('%s is asked for once more of what reads', async (_, answer) => {
    const { heard, xen } = hostOf(answer, good)
    expect(await xen().call('VM.get_all')).toBe('fine')
    expect(heard).toEqual(['VM.get_all', 'VM.get_all'])
  })

  it.each(unreadable)('%s for good ends a read that did nothing', async (_, answer) => {
    const { heard, xen } = hostOf(answer)
    const failure = await failureOfCall(xen().call('VM.get_all'))
    expect(isVendorError(failure) && failure).toMatchObject({ outcome: 'unknown', mayBeDone: false })
    expect(heard).toEqual(['VM.get_all', 'VM.get_all'])
  })

  it('cannot be read is shown to who wants to see it', async () => {
    const { xen } = hostOf(() => new Response('<html>maintenance</html>'))
    const failure = await failureOfCall(xen().call('VM.get_all'))
    expect(await (failure as { response: Response }).response.text()).toBe('<html>maintenance</html>')
  })

  it.each(unreadable)('%s may have been done where the second request is refused', async (_, answer) => {
    let close = async () => {}
    const { heard, xen } = hostOf(() => {
      void close()
      return answer()
    })
    const client = xen()
    close = client.close
    const failure = await failureOfCall(client.with({ idempotent: true }).call('VM.clone', 'vm-1', 'copy'))
    expect(isVendorError(failure) && failure).toMatchObject({ outcome: 'unknown', mayBeDone: true })
    expect(heard).toEqual(['VM.clone'])
  })

  it.each([429, 404, 401])('may have been done where the second request meets a %i', async (status) => {
    const { heard, xen } = hostOf(
      () => new Response(''),
      () => new Response('', { status }),
    )
    const failure = await failureOfCall(xen().with({ idempotent: true, retry: 1 }).call('VM.clone', 'vm-1', 'copy'))
    expect(isVendorError(failure) && failure).toMatchObject({ mayBeDone: true })
    expect(heard.length).toBeGreaterThan(1)
  })

  it('that reads ends with what its second request meets', async () => {
    const { xen } = hostOf(
      () => new Response(''),
      () => new Response('', { status: 404 }),
    )
    expect(await failureOfCall(xen().call('VM.get_all'))).toMatchObject({ code: 'HTTP_404', mayBeDone: false })
  })

  it('is too long to be read is not asked for again', async () => {
    const { heard, xen } = hostOf(
      going((controller) => {
        for (let left = 17; left > 0; left--) controller.enqueue(new Uint8Array(2 ** 24))
        controller.close()
      }),
    )
    const failure = await failureOfCall(xen().call('VM.get_all'))
    expect(failure).toMatchObject({ code: 'UNKNOWN_FAILURE', outcome: 'unknown', mayBeDone: false })
    expect(String(failure)).toMatch(/The answer to VM\.get_all is longer than `answerLimit` allows: .* 268435456 bytes/)
    expect(heard).toEqual(['VM.get_all'])
  })

  it('is longer than its client reads is told with the option that says so', async () => {
    const long = () => jsonReply(value('x'.repeat(100)))
    const failure = await failureOfCall(hostOf(long).xen({ answerLimit: 100 }).call('VM.get_all'))
    expect(String(failure)).toMatch(/The answer to VM\.get_all is longer than `answerLimit` allows: .* 100 bytes/)
    const { size } = await long().blob()
    expect(await hostOf(long).xen({ answerLimit: size }).call('VM.get_all')).toBe('x'.repeat(100))
  })

  it.each([0, -1, 1.5, '1 MB', Number.POSITIVE_INFINITY, null])('may have no limit such as %j', (answerLimit) => {
    const { xen } = hostOf(good)
    expect(() => xen({ answerLimit: answerLimit as number })).toThrow(/`answerLimit` must be a whole number, 1 or more/)
  })

  it('breaks is told with its cause', async () => {
    const failure = await failureOfCall(hostOf(broken).xen().call('VM.clone', 'vm-1', 'copy'))
    expect(failure).toMatchObject({ cause: { message: 'terminated' } })
  })

  it('cannot be read may have been done whatever the user says', async () => {
    const errors = { UNKNOWN_FAILURE: { kind: 'retryable', outcome: 'rejected' } } as const
    const { xen } = hostOf(() => new Response(''))
    expect(await failureOfCall(xen({ errors }).call('VM.clone', 'vm-1', 'copy'))).toMatchObject({
      kind: 'fatal',
      mayBeDone: true,
    })
  })

  it.each([
    [{ retry: false }, 'VM.get_all', 1],
    [{ retry: { limit: 0 } }, 'VM.get_all', 1],
    [{ idempotent: true }, 'VM.set_name_label', 2],
    [{ idempotent: false }, 'VM.get_all', 1],
  ] as const)('cannot be read is asked for as its caller wishes: %j', async (options, method, times) => {
    const { heard, xen } = hostOf(() => new Response(''))
    await failureOfCall(xen().with(options).call(method, 'vm-1'))
    expect(heard).toHaveLength(times)
    await failureOfCall(xen(options).call(method, 'vm-1'))
    expect(heard).toHaveLength(2 * times)
  })
})

describe('an answer that stops in its middle', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  })

  it('is given up when the time of an attempt is up, and the call with the time of all', async () => {
    const { heard, xen } = hostOf(going())
    const failure = await played(failureOfCall(xen({ timeout: 2_000, totalTimeout: 3_000 }).call('VM.get_all')))
    expect(isVendorError(failure) && failure).toMatchObject({ code: 'ATTEMPT_TIMEOUT', mayBeDone: false })
    expect(performance.now()).toBeLessThan(3_500)
    expect(heard).toHaveLength(2)
  })

  it('leaves no more than the rest of the time to the second attempt', async () => {
    const { heard, xen } = hostOf(going(), () => new Promise(() => {}))
    await played(failureOfCall(xen({ timeout: 2_000, totalTimeout: 3_000 }).call('VM.get_all')))
    expect(performance.now()).toBeLessThan(3_500)
    expect(heard).toHaveLength(2)
  })

  it('leaves it to the second attempt also where one call alone has such times', async () => {
    const { heard, xen } = hostOf(going(), good)
    const asked = xen().with({ timeout: 2_000, totalTimeout: 3_000 }).call('VM.get_all')
    expect(await played(asked)).toBe('fine')
    expect(heard).toHaveLength(2)
  })

  it('may have been done', async () => {
    const { heard, xen } = hostOf(going())
    const failure = await played(failureOfCall(xen().with({ timeout: 2_000 }).call('VM.clone', 'vm-1', 'copy')))
    expect(failure).toMatchObject({ code: 'ATTEMPT_TIMEOUT', mayBeDone: true })
    expect(heard).toHaveLength(1)
  })

  it('has the time that its call has by nature', async () => {
    const slow = going((controller) => {
      setTimeout(() => {
        controller.enqueue(new TextEncoder().encode('"],"id":0}'))
        controller.close()
      }, 250_000)
    })
    expect(await played(hostOf(slow).xen().call('VM.get_all_records'))).toEqual(['a'])
    const failure = await played(failureOfCall(hostOf(going()).xen().call('VM.get_all')))
    expect(failure).toMatchObject({ code: 'ATTEMPT_TIMEOUT' })
    expect(performance.now()).toBeLessThan(320_000)
  })

  it.each(['VM.get_all', 'VM.clone'])('is given up at once by its caller: %s', async (method) => {
    const controller = new AbortController()
    const { heard, xen } = hostOf(going())
    const reason = new Error('enough')
    const asked = failureOfCall(xen().with({ signal: controller.signal }).call(method))
    setTimeout(() => controller.abort(reason), 1_000)
    expect(await played(asked)).toBe(reason)
    expect(performance.now()).toBeLessThan(1_500)
    expect(heard).toHaveLength(1)
  })
})
