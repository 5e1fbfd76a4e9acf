import type { ErrorRow, Spelt, Vendor } from '@holdfast/core/plugin'
import { delay, type HttpHandler, HttpResponse } from 'msw'
import { createRecorder, type OpenCall, type RecordedCall, type Recorder } from '../calls.ts'
import { route } from '../route.ts'
import type { Wire } from '../wire.ts'
import { type Failures, failuresOf } from './failure.ts'
import { play, stepsOf } from './script.ts'
import type { FailOptions, Script, Step } from './step.ts'

/** Options of a mock vendor. */
export interface MockVendorOptions {
  /** The form of the vendor's faults on the wire; a vendor package offers it under `@holdfast/<vendor>/testing`. */
  readonly wire: Wire
}

/**
 * Makes the handler of one path.
 *
 * A path such as `/api/vm/:vm?action=start` is answered at every origin, an absolute URL only at its own.
 *
 * @throws {TypeError} for a code or shape that the vendor does not have, naming the nearest.
 */
export type Scripted<Code extends string> = (path: string, ...script: readonly Script<Code>[]) => HttpHandler

/** A vendor's server that a test scripts. */
export interface MockVendor<Code extends string> {
  readonly get: Scripted<Code>
  readonly head: Scripted<Code>
  readonly post: Scripted<Code>
  readonly put: Scripted<Code>
  readonly patch: Scripted<Code>
  readonly delete: Scripted<Code>
  /** Every method. */
  readonly any: Scripted<Code>
  /** Requests and answers of all handlers of this mock, in order of arrival. */
  readonly calls: readonly RecordedCall[]
  /** Forgets the calls so far. Scripts continue. */
  clear(): void
  /** The reply for a failure, for handlers of your own. */
  failure(code: Code, options?: FailOptions, request?: Request): Response
}

function checkGiven(vendor: unknown, options: Partial<MockVendorOptions> | undefined): void {
  if (!((vendor as Partial<Vendor> | null | undefined)?.catalogue?.rows instanceof Object))
    throw new TypeError('`mockVendor` takes a vendor, such as `vsphere()` makes.')
  if (typeof options?.wire !== 'object' || options.wire === null)
    throw new TypeError("`mockVendor` needs `wire`, such as that of '@holdfast/vsphere/testing'.")
}

/**
 * MSW handlers that fail with a vendor's own errors, in the vendor's own format, in the order of a script.
 *
 * @example
 * const vcenter = mockVendor(vsphere({ url }), { wire })
 * const server = setupServer(vcenter.get('/api/vcenter/vm', fail('RESOURCE_BUSY', { times: 2 }), ok([])))
 * server.listen({ onUnhandledFrame: 'error' })
 *
 * await client(`${url}/api/vcenter/vm`)
 * expect(vcenter.calls.map((call) => call.code ?? call.status)).toEqual(['RESOURCE_BUSY', 'RESOURCE_BUSY', 200])
 */
export function mockVendor<Row extends ErrorRow>(
  vendor: Vendor<Row>,
  options: MockVendorOptions,
): MockVendor<Spelt<Row['code']>> {
  checkGiven(vendor, options)
  const { wire } = options
  const failures = failuresOf(vendor, wire)
  const recorder = createRecorder(vendor)
  const scripted = (method?: string) => scriptedFor(method, failures, recorder)
  return {
    get: scripted('GET'),
    head: scripted('HEAD'),
    post: scripted('POST'),
    put: scripted('PUT'),
    patch: scripted('PATCH'),
    delete: scripted('DELETE'),
    any: scripted(),
    calls: recorder.calls,
    clear: recorder.clear,
    failure(code, options = {}, request = new Request(vendor.origins?.[0] ?? 'http://localhost')) {
      failures.check(code, options)
      return failures.write(code, options, request)
    },
  }
}

function scriptedFor<Code extends string>(
  method: string | undefined,
  failures: Failures<Code>,
  recorder: Recorder,
): Scripted<Code> {
  return (path, ...script) => {
    const steps = stepsOf<Code>(script)
    if (steps.length === 0) throw new TypeError(`The script for ${path} has no step.`)
    for (const step of steps) if (step.do === 'fail') failures.check(step.code, step.options)
    const player = play(steps)
    return route({
      ...(method !== undefined && { method }),
      path,
      claim({ request }) {
        const step = player.next()
        return step && { step, ...recorder.note(request) }
      },
      async answer({ request }, { step, call, bodyRead }) {
        await bodyRead
        if (step.options.delay) await delay(step.options.delay)
        return end(await act(step, request, failures), step, call)
      },
    })
  }
}

async function act<Code extends string>(
  step: Step<Code>,
  request: Request,
  failures: Failures<Code>,
): Promise<Response | undefined> {
  switch (step.do) {
    case 'fail':
      return failures.write(step.code, step.options, request)
    case 'reply':
      return step.answer(request)
    case 'drop':
      return HttpResponse.error()
    case 'hang':
      await delay('infinite')
      return HttpResponse.error()
    case 'pass':
      return undefined
  }
}

function end(response: Response | undefined, step: Step, call: OpenCall): Response | undefined {
  call.end = response === undefined ? 'passed' : response.type === 'error' ? 'dropped' : 'replied'
  if (step.do === 'fail') call.code = step.code
  if (call.end === 'replied' && response !== undefined) call.status = response.status
  return response
}
