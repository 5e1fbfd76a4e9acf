import { vi } from 'vitest'
import { type KeystoneSimulatorOptions, keystoneServer } from '../src/simulator/index.ts'

/** The origin that the tests send requests to; any origin would do. */
export const url = 'https://cloud.example'

/** The one project, which requests are for. */
export const project = '3f1c0a52b4d24d0c8c1e2f5a6b7d8e90'

/** An identity service with one user and that project. */
export const identity = (options: KeystoneSimulatorOptions = {}) =>
  keystoneServer({ projects: [{ name: 'backups', id: project }], ...options })

/** A login by password, for the project. */
export const loginBody = (password = 'secret', user = 'operator') => ({
  auth: {
    identity: { methods: ['password'], password: { user: { name: user, password, domain: { name: 'Default' } } } },
    scope: { project: { id: project } },
  },
})

/** Lets so many seconds pass. */
export const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1_000)
