/** An identity service in memory, written from the documents alone: it shares nothing with the parser that reads it. */
export type { ApplicationCredential } from './application-credentials.ts'
export type { Named } from './directory.ts'
export { type Keystone, keystoneServer } from './keystone.ts'
export type {
  KeystoneApplicationCredential,
  KeystoneProject,
  KeystoneSimulatorOptions,
  KeystoneUser,
} from './options.ts'
export type { Token } from './tokens.ts'
