import type { Done } from './audit-log.ts'
import type { CloudReply } from './reply.ts'

/** A request as an operation sees it. */
export interface Asked {
  /** With its origin as the caller wrote it. */
  readonly url: URL
  readonly headers: Headers
  readonly params: Readonly<Record<string, string>>
  /** Parsed JSON; `undefined` without a body. */
  readonly body: unknown
  readonly done: Done
}

/** One operation of an API, at one method and path. It throws a `Refusal` to refuse. */
export interface Operation {
  /** Absent for any. */
  readonly method?: string
  readonly path: string
  /** True if no token is needed. */
  readonly open?: true
  run(asked: Asked): CloudReply
}

/** A path's parameter, which is there because the path has matched. */
export const param = ({ params }: Asked, name: string): string => params[name] ?? ''
