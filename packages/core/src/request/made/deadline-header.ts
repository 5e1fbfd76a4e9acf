import type { DeadlineHeaderOptions } from '../../contract/request.ts'

/** The most that gRPC has for a number: eight digits. */
const LONGEST_GRPC = 99_999_999

/** The header by which a service learns how long its answer is waited for; none if nothing limits that. */
export function deadlineHeader(
  { name, unit }: DeadlineHeaderOptions,
  left: number,
): readonly [name: string, value: string] | undefined {
  if (!Number.isFinite(left)) return undefined
  const ms = Math.max(1, Math.floor(left))
  // Rounded down: a service that believes it has more time than there is works in vain.
  const seconds = Math.max(1, Math.floor(left / 1_000))
  if ((unit ?? unitOf(name)) === 'grpc') return [name, ms <= LONGEST_GRPC ? `${ms}m` : `${seconds}S`]
  return [name, String(unit === 's' ? seconds : ms)]
}

/** gRPC's own header says in its value which unit it is in. */
const unitOf = (name: string): 'ms' | 'grpc' => (name.toLowerCase() === 'grpc-timeout' ? 'grpc' : 'ms')
