import { resilient } from '@holdfast/core'
import { csbs } from '@holdfast/csbs'
import { keystone } from '@holdfast/keystone'
import { openstack } from '@holdfast/openstack'
import { vbs } from '@holdfast/vbs'
import { vsphere } from '@holdfast/vsphere'
import { xenapi } from '@holdfast/xenapi'
import { isOptionsError } from '../../../packages/core/src/error/options-error.ts'
import { optionChecks } from '../../../packages/core/src/options/options.ts'
import { ensure, joined, partsOf, type Target } from '../target.ts'

const secret = 'pass-9X7q'
const checks = optionChecks([vsphere().catalogue, xenapi().catalogue])

const makers: Readonly<Record<string, (options: never) => unknown>> = {
  client: checks.client,
  extension: checks.extension,
  call: checks.call,
  resilient: (options) => resilient(async () => new Response(), options),
  vsphere,
  xenapi,
  openstack,
  csbs,
  vbs,
  keystone,
}

/** Values that JSON has no form for. */
const specials: Readonly<Record<string, () => unknown>> = {
  '!fn': () => () => ({}),
  '!undefined': () => undefined,
  '!NaN': () => Number.NaN,
  '!Infinity': () => Number.POSITIVE_INFINITY,
  '!symbol': () => Symbol('a'),
  '!big': () => 10n,
  '!date': () => new Date(Number.NaN),
  '!map': () => new Map(),
  '!bare': () => Object.create(null) as unknown,
  '!url': () => new URL('https://h.example'),
  '!vendor': () => vsphere(),
  '!auth': () => ({ open() {}, sign() {} }),
}

const read = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && Object.hasOwn(specials, value) ? specials[value]?.() : value,
  )

export const optionsTarget: Target = {
  name: 'options',
  covers: /packages\/(?:core\/src\/options\/|[^/]+\/src\/[a-z-]*options)/,
  seeds: [
    joined(
      'client',
      '{"retry":{"limit":4,"jitter":"full","pace":"slow","backoff":{"fast":{"base":1,"limit":2}}},"timeout":"30s","totalTimeout":false}',
    ),
    joined(
      'client',
      '{"errors":{"RESOURCE_BUSY":{"kind":"retryable","outcome":"rejected","retry":false},"SR_BACKEND_FAILURE_*":{"trips":true}}}',
    ),
    joined(
      'client',
      '{"breaker":{"failureRate":50,"slowCallRate":0.5,"slowCallDuration":9},"budget":false,"pause":{"max":1},"trustedHosts":["a.example:1","*"],"observers":["!fn"],"init":"!map"}',
    ),
    joined('extension', '{"mode":"observe","state":{},"vendor":"!vendor"}'),
    joined('call', '{"timeout":9,"totalTimeout":8,"idempotent":"!undefined","onConflict":"!fn"}'),
    joined('resilient', '{"vendor":"!vendor","retry":"!bare","replayLimit":"!big"}'),
    joined('vsphere', '{"url":"https://h.example","username":"u:v","password":"pass-9X7q","surface":"soap"}'),
    joined(
      'xenapi',
      '{"url":"!url","members":["http://h.example"],"username":"u","password":"pass-9X7q","discoverMembers":"!symbol"}',
    ),
    joined('csbs', '{"url":"https://u:pass-9X7q@h.example/","auth":"!auth","failedBackups":"return"}'),
    joined('openstack', '{"url":"https://h.example/v3","auth":"!auth"}'),
    joined('vbs', '{"auth":"pass-9X7q"}'),
    joined(
      'keystone',
      '{"authUrl":"https://i.example/v2.0","username":"u","password":"pass-9X7q","userDomainName":"d","projectName":"!date","credentials":"!fn"}',
    ),
  ],
  run(input) {
    const [maker = '', text = ''] = partsOf(input, 2)
    let options: unknown = text
    try {
      options = read(text)
    } catch {
      // A text is given for options now and then.
    }
    try {
      const make = Object.hasOwn(makers, maker) ? makers[maker] : undefined
      make?.(options as never)
      return `${make !== undefined} fine`
    } catch (error) {
      ensure(isOptionsError(error), 'options are refused by an OptionsError', error)
      const isOfVendor = !['client', 'extension', 'call', 'resilient'].includes(maker)
      ensure(
        !isOfVendor || !error.message.includes(secret) || error.option.includes(secret),
        'an option of a vendor is not shown',
      )
      return `${maker} ${error.problem.slice(0, 14)}`
    }
  },
  // Options do not come from the network: long ones are enough.
  around: (hostile) => {
    const long = hostile.slice(0, 65_536)
    const given = [{ [long]: 1 }, { errors: { [long]: {} } }, { mode: long, url: long, trustedHosts: [long] }]
    return Object.keys(makers).flatMap((maker) => given.map((options) => joined(maker, JSON.stringify(options))))
  },
}
