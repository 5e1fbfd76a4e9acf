import type { Fault, Reply } from '@holdfast/core/plugin'
import { faultOf, refusalWith } from '@holdfast/openstack'
import { catalogue } from './catalogue.ts'
import { readOutcome } from './outcomes.ts'
import { type Telling, tellingOf } from './requests.ts'
import { isBusy, runningIn } from './running.ts'

/** The service's own codes; those of gateway, identity service and balancer are read by what they share. */
const ownCode = /^(?:VolumeBackup|AutoBackup|common)\./

/** What is worth a look in a success, by the kind of request. */
export type Reads = (telling: Telling) => boolean

/** Makes the reader of replies. */
export const parseWith =
  (reads: Reads) =>
  (reply: Reply): Fault | undefined => {
    if (reply.status >= 400) return parseFailure(reply)
    const telling = reply.status === 200 ? tellingOf(reply.request) : undefined
    return telling !== undefined && reads(telling) ? readOutcome(telling, reply) : undefined
  }

function parseFailure(reply: Reply): Fault | undefined {
  const fault = faultOf(reply)
  if (fault?.status === 401 && catalogue.find(fault) === undefined) return refusalWith(fault)
  if (fault === undefined || !ownCode.test(fault.code)) return fault
  const { params: _, ...rest } = fault
  const running = isBusy(fault.code) ? runningIn(fault.code, reply.request) : undefined
  return { ...rest, ...(running !== undefined && { params: [running] }) }
}
