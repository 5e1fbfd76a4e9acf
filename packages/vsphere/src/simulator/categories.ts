import type { AuditLog } from './audit-log.ts'
import { alreadyExists, invalidArgument, notFound } from './problem.ts'
import type { Result } from './surface.ts'

/** Tag categories: the simplest object in vCenter whose creation can fail because it exists. */
export interface Categories {
  create(spec: unknown): Result
  list(): Result
  get(id: string): Result
  remove(id: string): Result
}

/** Starts with none. */
export function createCategories(auditLog: AuditLog): Categories {
  const names = new Map<string, string>()
  const missing = (id: string): Result => ({ problem: notFound('Category', id) })
  return {
    create(spec) {
      const name = nameIn(spec)
      if (name === undefined) return { problem: invalidArgument("The category needs a 'name'.") }
      if ([...names.values()].includes(name)) return { problem: alreadyExists }
      const id = `urn:vmomi:InventoryServiceCategory:${crypto.randomUUID()}:GLOBAL`
      names.set(id, name)
      auditLog.done('category.create', id)
      return { value: id, created: true }
    },
    list: () => ({ value: [...names.keys()] }),
    get(id) {
      const name = names.get(id)
      return name === undefined ? missing(id) : { value: { id, name, used_by: [] } }
    },
    remove(id) {
      if (!names.delete(id)) return missing(id)
      auditLog.done('category.delete', id)
      return {}
    },
  }
}

function nameIn(spec: unknown): string | undefined {
  const name = typeof spec === 'object' && spec !== null && 'name' in spec ? spec.name : undefined
  return typeof name === 'string' && name !== '' ? name : undefined
}
