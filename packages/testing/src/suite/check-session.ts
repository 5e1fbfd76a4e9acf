import type { OutgoingRequest } from '@holdfast/core/plugin'
import { withBench } from './bench.ts'
import type { VendorSuiteOptions } from './options.ts'
import { baseUrl } from './sample.ts'

/** Secrets that a session does not own up to, and headers that carry one undeclared: either could leak. */
export function findUndeclared(suite: VendorSuiteOptions): Promise<string[]> {
  return withBench(suite, {}, async ({ session }) => {
    const opened = session()
    if (suite.vendor.auth === undefined) return []
    if (opened === undefined) return ['the first request needed no login']
    if (opened.secrets.length === 0) return ['the session names no secret']
    const request: OutgoingRequest = {
      url: baseUrl(suite),
      method: 'POST',
      headers: new Headers(),
      body: '{}',
      bodyText: '{}',
    }
    suite.vendor.auth.sign(request, opened)
    const declared = suite.vendor.secretHeaders ?? []
    return [...request.headers]
      .filter(([name, value]) => opened.secrets.some((secret) => value.includes(secret)) && !declared.includes(name))
      .map(([name]) => `header ${name} carries a secret but is not among secretHeaders`)
  })
}
