import { objectOf, parseObject, type RequestFacts } from '@holdfast/core/plugin'
import { webServiceOf } from './requests.ts'

/**
 * Methods that change nothing: those of PropertyCollector, SearchIndex, PerformanceManager, ServiceInstance, AuthorizationManager and
 * SessionManager that only read. Not `ContinueRetrievePropertiesEx`, whose token is used up by its answer.
 *
 * Source: vSphere Web Services API reference, in vmware/govmomi `vim25/methods/methods.go`.
 */
const READS = new Set(
  `CheckForUpdates CurrentTime FindAllByDnsName FindAllByIp FindAllByUuid FindByDatastorePath FindByDnsName FindByInventoryPath FindByIp
FindByUuid FindChild HasPrivilegeOnEntities HasPrivilegeOnEntity QueryAvailablePerfMetric QueryEvents QueryOptions QueryPerf
QueryPerfComposite QueryPerfCounter QueryPerfCounterByLevel QueryPerfProviderSummary RetrieveAllPermissions RetrieveEntityPermissions
RetrieveProperties RetrievePropertiesEx RetrieveRolePermissions RetrieveServiceContent SessionIsActive WaitForUpdates WaitForUpdatesEx`.split(
    /\s+/,
  ),
)

const json = /^\/sdk\/vim25\/[^/]+\/[^/]+\/[^/]+\/(\w+)$/
const soap = /<(?:[\w-]+:)?Body\b[^>]*>\s*<(?:[\w-]+:)?(\w+)/
const longestWait = /<(?:[\w-]+:)?maxWaitSeconds\b[^>]*>\s*(\d{1,9})\s*</

/** Milliseconds of a wait that names no end: the server decides. */
const NO_END = 3_600_000
/** Milliseconds for the way there and back. */
const MARGIN = 30_000

/** The method that a POST calls: in JSON the last part of the path, in SOAP the first element of the body. */
function methodOf({ method, path, bodyText }: RequestFacts): string | undefined {
  if (method !== 'POST') return undefined
  return (json.exec(path) ?? soap.exec(bodyText ?? ''))?.[1]
}

/** True for a call of the Web Services API that only reads. */
export const isServiceRead = (request: RequestFacts): boolean =>
  webServiceOf(request) === 'sdk' && READS.has(methodOf(request) ?? '')

/** True for a call that is answered when something has changed. */
export const isLongPoll = (request: RequestFacts): boolean =>
  webServiceOf(request) === 'sdk' && /^WaitForUpdates(?:Ex)?$/.test(methodOf(request) ?? '')

/** The time that a long poll has: as long as it was asked to wait (`WaitOptions.maxWaitSeconds`). */
export function longPollLimits({ bodyText = '' }: RequestFacts) {
  const inJson = objectOf(parseObject(bodyText)?.options)?.maxWaitSeconds
  const seconds = typeof inJson === 'number' ? inJson : longestWait.exec(bodyText)?.[1]
  const timeout = seconds === undefined ? NO_END : Number(seconds) * 1_000 + MARGIN
  return { timeout, totalTimeout: Math.max(timeout, 300_000) }
}
