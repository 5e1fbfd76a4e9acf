/** A record of a machine, as XenAPI has them. */
const record = (at: number) => ({
  uuid: `f0a9c2d1-1111-4222-8333-${String(at).padStart(12, '0')}`,
  name_label: `web-server-${at} <production> & more`,
  name_description: 'A machine of the shop, made by a robot',
  power_state: at % 3 ? 'Running' : 'Halted',
  memory_target: String(4_294_967_296 + at),
  memory_static_max: '4294967296',
  VCPUs_max: '4',
  is_a_template: false,
  domid: String(at % 100),
  allowed_operations: ['changing_VCPUs_live', 'clean_reboot', 'clean_shutdown', 'hard_shutdown', 'snapshot', 'suspend'],
  current_operations: {},
  VIFs: [`OpaqueRef:${at}a-1`, `OpaqueRef:${at}a-2`],
  VBDs: [`OpaqueRef:${at}b-1`, `OpaqueRef:${at}b-2`, `OpaqueRef:${at}b-3`],
  other_config: { auto_poweron: 'true', base_template_name: 'Debian Bookworm 12', mac_seed: '0fb7b2b1-0000' },
  platform: { nx: 'true', acpi: '1', apic: 'true', viridian: 'true', 'device-model': 'qemu-upstream-compat' },
  snapshot_time: '19700101T00:00:00Z',
  metrics: `OpaqueRef:${at}m`,
  start_delay: 0,
  order: at,
  ha_always_run: false,
  HVM_boot_params: { firmware: 'bios', order: 'cdn' },
})

const escapes: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }
const escaped = (text: string) => text.replace(/[<>&]/g, (character) => escapes[character] ?? character)

function xmlOf(value: unknown): string {
  if (typeof value === 'string') return `<value>${escaped(value)}</value>`
  if (typeof value === 'number') return `<value><i4>${value}</i4></value>`
  if (typeof value === 'boolean') return `<value><boolean>${value ? 1 : 0}</boolean></value>`
  if (Array.isArray(value)) return `<value><array><data>${value.map(xmlOf).join('')}</data></array></value>`
  const members = Object.entries(value as object).map(
    ([name, item]) => `<member><name>${escaped(name)}</name>${xmlOf(item)}</member>`,
  )
  return `<value><struct>${members.join('')}</struct></value>`
}

/** The same answer in both formats, with as many records. */
export function answers(count: number): { readonly json: string; readonly xml: string } {
  const value = Object.fromEntries(Array.from({ length: count }, (_, at) => [`OpaqueRef:${at}-vm`, record(at)]))
  return {
    json: JSON.stringify({ jsonrpc: '2.0', result: value, id: 1 }),
    xml: `<?xml version="1.0"?><methodResponse><params><param>${xmlOf({ Status: 'Success', Value: value })}</param></params></methodResponse>`,
  }
}
