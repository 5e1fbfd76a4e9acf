import {
  type CloudReply,
  dumps,
  faultReply,
  gatewayReply,
  isFaultName,
  isGatewayCode,
  type Refusal,
  refuse,
  spaced,
} from '@holdfast/openstack/simulator'

/** The codes that are documented with another status than 400. CSBS.9009 is documented with two. */
const statuses: Readonly<Record<string, number>> = {
  'CSBS.3000': 404,
  'CSBS.3001': 404,
  'CSBS.6040': 404,
  'CSBS.7001': 404,
  'CSBS.1001': 500,
  'CSBS.1002': 500,
  'CSBS.2001': 500,
  'CSBS.5001': 500,
  'CSBS.6019': 500,
  'CSBS.6023': 500,
  'CSBS.6030': 500,
  'CSBS.6032': 500,
  'CSBS.8001': 500,
  'CSBS.8008': 500,
  'CSBS.8009': 500,
  'CSBS.9009': 403,
  'CSBS.9998': 500,
  'CSBS.9999': 500,
}

/** Writes a refusal as the service does, or as the gateway does for its own codes. */
export function writeRefusal(refusal: Refusal): CloudReply {
  const { code, status, message } = refusal
  // The software behind the service names its faults, as OpenStack does.
  if (isFaultName(code)) return faultReply(refusal)
  if (isGatewayCode(code)) return gatewayReply(code, message, status)
  return spaced(status ?? statuses[code] ?? 400, { error_code: code, error_msg: message })
}

export const badProvider = () => refuse('CSBS.9001', 'provider invalid')

export const noServer = () => refuse('CSBS.6000', 'server do not exist')

export const noBackup = (id: string) => refuse('CSBS.3001', `Checkpoint_item (${id}) is not found.`)

export const noPolicy = () => refuse('CSBS.3000', 'plan not found')

/** A JSON document inside a text, and not the sentence of the error document. */
export const alreadyInService = (policy: { readonly id: string; readonly name: string }) =>
  refuse(
    'CSBS.6004',
    dumps({ msg: 'The resource xxx is already in service.', plan_id: policy.id, plan_name: policy.name }),
  )
