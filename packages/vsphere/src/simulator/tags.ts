import type { AuditLog } from './audit-log.ts'
import { invalidArgument } from './problem.ts'
import type { Result } from './surface.ts'

/** Tags on objects. Any identifier is taken for a tag and for an object. */
export interface Tags {
  /** Attaching an attached one does nothing. */
  attach(tag: string, body: unknown): Result
}

/** Starts with none. */
export function createTags(auditLog: AuditLog): Tags {
  const attached = new Set<string>()
  return {
    attach(tag, body) {
      const { object_id: object } = (body ?? {}) as { readonly object_id?: { readonly id?: unknown } }
      if (typeof object?.id !== 'string') return { problem: invalidArgument("It needs an 'object_id'.") }
      const pair = `${tag} ${object.id}`
      if (!attached.has(pair)) auditLog.done('tag.attach', object.id)
      attached.add(pair)
      return {}
    },
  }
}
