import { defineCatalogue, type Fault, type Reply } from '@holdfast/core/plugin'
import { balancer, faultOf, faults, gateway, identity } from '../src/index.ts'
import { replyTo, requestFacts } from '../src/testing.ts'

/** Every row that services share, and one of a service's own. */
export const catalogue = defineCatalogue('tiny', [
  ...gateway,
  ...identity,
  ...faults,
  ...balancer,
  {
    code: 'CSBS.9009',
    status: 403,
    kind: 'auth',
    outcome: 'rejected',
    reauth: false,
    hint: 'Have the name of the user verified.',
  },
])

const backups = 'https://service.example/v2/p/backups'

interface Asked {
  readonly method?: string
  readonly url?: string
  readonly body?: unknown
  readonly headers?: HeadersInit
  readonly complete?: boolean
}

/** A reply as the engine hands it to a vendor. */
export const replyOf = (status: number, text: string, { method, url = backups, body, ...rest }: Asked = {}): Reply =>
  replyTo(requestFacts(url, method, body), status, text, rest)

/** The fault in a failure, and the row that speaks for it. */
export function read(
  status: number,
  text: string,
  asked?: Asked,
): { fault: Fault | undefined; row: string | undefined } {
  const fault = faultOf(replyOf(status, text, asked))
  return { fault, row: fault && catalogue.find(fault)?.code }
}
