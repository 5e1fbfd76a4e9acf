/** What a vendor package imports: the contract and its define helpers, and nothing of the engine. */
export type {
  AuthRow,
  Catalogue,
  CodeOf,
  ConflictRow,
  ErrorRow,
  FatalRow,
  Kind,
  OutcomeOfError,
  Pace,
  RetryableRow,
  WaitHint,
} from './contract/catalogue.ts'
export { defineCatalogue } from './contract/catalogue.ts'
export type { Fault } from './contract/fault.ts'
export type { OutgoingRequest, RequestFacts } from './contract/request.ts'
export type { Credentials, Door, Session, SessionSource } from './contract/session.ts'
export type { BodyNeed, Reply, Vendor } from './contract/vendor.ts'
export { defineVendor } from './contract/vendor.ts'
