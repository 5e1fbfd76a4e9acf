import type { DeadlineHeaderOptions } from '../../contract/request.ts'

/** The largest number that gRPC allows: eight digits. */
const LONGEST_GRPC = 99_999_999

/** The header that tells a service how long its answer is waited for; `undefined` if there is no limit. */
export function deadlineHeader(
  { name, unit }: DeadlineHeaderOptions,
  left: number,
): readonly [name: string, value: string] | undefined {
  if (!Number.isFinite(left)) return undefined
  const ms = Math.max(1, Math.floor(left))
  // Rounded down: a service that assumes more time than there is does useless work.
  const seconds = Math.max(1, Math.floor(left / 1_000))
  if ((unit ?? unitOf(name)) === 'grpc') return [name, ms <= LONGEST_GRPC ? `${ms}m` : `${seconds}S`]
  return [name, String(unit === 's' ? seconds : ms)]
}

/** The unit of the value: that of gRPC's own header contains its unit. */
const unitOf = (name: string): 'ms' | 'grpc' => (name.toLowerCase() === 'grpc-timeout' ? 'grpc' : 'ms')
