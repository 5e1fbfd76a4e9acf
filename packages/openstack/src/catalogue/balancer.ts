import type { ErrorRow } from '@holdfast/core/plugin'

const why = 'It writes the same whether the request had reached the service or not.'

/** What the load balancer says for itself, in HTML. */
export const balancer = [
  {
    code: 'BALANCER_502',
    status: 502,
    kind: 'retryable',
    outcome: 'unknown',
    pace: 'fast',
    trips: true,
    hint: 'The load balancer reaches no server behind it: ask again shortly.',
    source:
      'opentelekomcloud/terraform-provider-opentelekomcloud#916; opentelekomcloud/python-otcextensions#246; support.huaweicloud.com elb_faq/elb_faq_0087.html',
    why,
  },
  {
    code: 'BALANCER_503',
    status: 503,
    kind: 'retryable',
    outcome: 'unknown',
    pace: 'fast',
    trips: true,
    hint: 'The service, or the balancer before it, does not serve just now: come back shortly.',
    source: 'support.huaweicloud.com elb_faq/elb_faq_0087.html',
    why,
  },
  {
    code: 'BALANCER_504',
    status: 504,
    kind: 'retryable',
    outcome: 'unknown',
    pace: 'fast',
    trips: true,
    hint: 'The balancer gave up waiting: see what was done, then ask again.',
    source:
      'support.huaweicloud.com elb_faq/elb_faq_0087.html; opentelekomcloud/terraform-provider-opentelekomcloud#211',
    why,
  },
] as const satisfies readonly ErrorRow[]
