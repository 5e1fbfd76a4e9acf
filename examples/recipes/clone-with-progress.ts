/** A machine is cloned, and its progress shown: what fails has the error of the clone, with its class and its hint. */
import type { XenApi } from '@holdfast/xenapi/client'

/** Clones a machine, and returns the reference of the new one. */
export async function cloneWithProgress(
  xen: XenApi,
  vm: string,
  name: string,
  show: (share: number) => void,
): Promise<string> {
  const work = await xen.start<string>('VM.clone', vm, name)
  for await (const { progress = 0 } of work) show(progress)
  return work.result
}
