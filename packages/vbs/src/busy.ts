import type { Reply, RequestFacts } from '@holdfast/core/plugin'
import { subjectOf } from './subject.ts'

/** The work that each "busy" code is about: the making of a backup, or a policy. */
const busyThings: ReadonlyMap<string, 'backup' | 'policy'> = new Map([
  ['VolumeBackup.0013', 'backup'],
  ['VolumeBackup.0206', 'backup'],
  ['AutoBackup.0225', 'policy'],
])

/** True for a code that means that other work is under way on the object of the request. */
export const isBusy = (code: string): boolean => busyThings.has(code)

/** Parameters of a failure: the name of the other work. */
export const paramsOf = (code: string, { request }: Pick<Reply, 'request'>): readonly unknown[] | undefined =>
  isBusy(code) ? [busyWith(code, request)] : undefined

/** Names the other work, as far as the request shows it: `backup of volume c68a…`, `policy 915d…`. */
function busyWith(code: string, request: RequestFacts): string | undefined {
  const { volume, backup, policy } = subjectOf(request) ?? {}
  if (busyThings.get(code) === 'policy') return policy && `policy ${policy}`
  if (volume !== undefined) return backupOf(volume)
  return backup && `backup ${backup}`
}

export const backupOf = (volume: string): string => `backup of volume ${volume}`
