import type { Fault } from '../../../packages/core/src/contract/fault.ts'
import type { RequestFacts } from '../../../packages/core/src/contract/request.ts'
import type { Vendor } from '../../../packages/core/src/contract/vendor.ts'
import { checkFault, replyOf, replyWith } from '../facts.ts'
import { BETWEEN, ensure, type Target } from '../target.ts'

interface Written {
  readonly status: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly request?: { readonly method: string; readonly url: string }
}

type Wire = Readonly<Record<string, (fault: Fault) => Written | undefined>>

/** Every shape of a vendor's failures, filled by some of its rows. */
function shapesOf(vendor: Vendor, wire: Wire): readonly string[] {
  const { rows } = vendor.catalogue
  const chosen = rows.filter((_, at) => at % Math.ceil(rows.length / 12) === 0)
  const states = [{}, { inTask: true }, { status: 200 }, { status: 200, inTask: true }]
  return Object.values(wire).flatMap((write) => {
    const replies: Written[] = []
    for (const { code, status } of [...chosen, ...rows])
      for (const state of states) {
        const reply = write({ code, message: 'said', params: ['a', 'b'], ...(status && { status }), ...state })
        if (reply !== undefined && replies.push(reply) === 3) return replies.map(seedOf)
      }
    return replies.map(seedOf)
  })
}

const seedOf = ({ status, body = '', headers = {}, request }: Written): string =>
  replyWith(
    `${status} ${request?.method ?? 'GET'} ${request?.url ?? '/'}`,
    body,
    '',
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
  )

/** The vendor's words on a request, none of which may throw. */
function ask(vendor: Vendor, request: RequestFacts): string {
  const secrets = vendor.secretsIn?.(request) ?? []
  ensure(
    secrets.every((secret) => typeof secret === 'string'),
    'secrets are texts',
  )
  const { timeout = 1, totalTimeout = 1 } = vendor.limits?.(request) ?? {}
  ensure(timeout > 0 && totalTimeout > 0 && Number.isFinite(timeout + totalTimeout), 'limits are times')
  const question = vendor.verifyWith?.(request)
  ensure(question === undefined || !/[\r\n]/.test(question), 'a question is one line')
  const words = [
    vendor.isSafe?.(request),
    vendor.isRepeatable?.(request),
    vendor.isHostBound?.(request),
    vendor.mayRelay?.(request),
  ]
  return [
    vendor.covers?.(request),
    vendor.scope?.(request),
    vendor.needsRequestBody?.(request),
    typeof vendor.bodyNeed?.(request),
    ...words,
  ].join()
}

/** The target of one vendor: what it reads of a request and out of a reply. */
export function vendorTarget(vendor: Vendor, wire: Wire, more: readonly string[]): Target {
  const seeds = [...shapesOf(vendor, wire), ...more]
  return {
    name: vendor.name,
    covers: new RegExp(
      `packages/${vendor.name === 'csbs' || vendor.name === 'vbs' ? `(?:openstack|${vendor.name})` : vendor.name}/src/(?!testing|simulator|catalogue|session|client)`,
    ),
    seeds,
    run(input) {
      const reply = replyOf(input)
      return `${ask(vendor, reply.request)} ${checkFault(vendor.parse(reply), reply, vendor)}`
    },
    around: (hostile) => {
      // Failures are read alike whatever was asked, successes are not.
      const lines = seeds.flatMap((seed) => (seed.startsWith('2') ? (seed.split(BETWEEN, 1)[0] ?? []) : []))
      const asked = [...new Set(lines), '500 GET /']
      return [...asked.map((line) => replyWith(line, hostile)), replyWith(lines[0] ?? '200 POST /', '', hostile)]
    },
  }
}
