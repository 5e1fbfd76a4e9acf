/** An identity service in memory, written from the documents alone: it shares nothing with the parser that reads it. */
export type { Named } from './directory.ts'
export { type Keystone, keystoneServer } from './keystone.ts'
export type { KeystoneProject, KeystoneSimulatorOptions, KeystoneUser } from './options.ts'
export type { Token } from './tokens.ts'
