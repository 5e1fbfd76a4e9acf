import type { DemoRequest } from './request.ts'

/** The project that everything is asked for in. */
export const project = 'demo'

/** The one provider that CSBS has, at every site. */
export const provider = 'fc4d5750-22e7-4798-8a46-f48f62c4c1da'

/** Asks a service of the cloud, at a path that is complete with its project. */
export function cloud(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): DemoRequest {
  return {
    label: `${method} ${shortened(path)}`,
    path,
    init: {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    },
    changes: method !== 'GET',
  }
}

/** Identifiers by their beginning, and no more than fits into a line. */
function shortened(path: string): string {
  const text = path.replace(/\b([\da-f]{8})(?:[\da-f]{24}|(?:-[\da-f]{4}){3}-[\da-f]{12})\b/g, '$1…')
  return text.length > 62 ? `${text.slice(0, 62)}…` : text
}

/** Has CSBS back up a server. */
export const protect = (server: string): DemoRequest =>
  cloud('POST', `/v1/${project}/providers/${provider}/resources/${server}/action`, {
    protect: { backup_name: 'nightly' },
  })

/** Has VBS back up a disk. */
export const backup = (volume: string): DemoRequest =>
  cloud('POST', `/v2/${project}/cloudbackups`, { backup: { volume_id: volume, name: 'nightly' } })

/** Has CSBS make a policy for a server. */
export const policy = (name: string, server: string): DemoRequest =>
  cloud('POST', `/v1/${project}/policies`, {
    policy: {
      name,
      provider_id: provider,
      resources: [{ id: server, type: 'OS::Nova::Server', name: server }],
      scheduled_operations: [],
    },
  })

/** What is behind a name in an answer. */
export const memberOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[name] : undefined
