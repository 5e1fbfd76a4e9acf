/** Hundreds of machines get a tag, 8 at a time. Each has its result; what an outage holds back is waited for. */
import type { EachResult, WorkingFetch } from '@holdfast/core/work'
import type { VsphereRow } from '@holdfast/vsphere'

/** Attaches a tag to every machine. Attaching it twice does nothing, so what was lost on the way is sent again. */
export function tagAll(
  vcenter: WorkingFetch<VsphereRow>,
  url: string,
  tag: string,
  machines: readonly string[],
): Promise<EachResult<string, Response>[]> {
  const path = `${url}/api/cis/tagging/tag-association/${tag}?action=attach`
  const headers = { 'content-type': 'application/json' }
  const body = (id: string) => JSON.stringify({ object_id: { type: 'VirtualMachine', id } })
  return vcenter.each(machines, { concurrency: 8 }, (vm) => vcenter(path, { method: 'POST', headers, body: body(vm) }))
}
