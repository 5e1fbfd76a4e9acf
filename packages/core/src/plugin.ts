/** The entry that vendor packages import: the contract, its define helpers and checks of options; nothing of the engine. */
export { tellUnsent, type Unsent } from './contract/attempt-outcome.ts'
export type { Catalogue, CodeOf, ParamOf, Spelt } from './contract/catalogue.ts'
export { defineCatalogue } from './contract/catalogue.ts'
export { type Clock, systemClock } from './contract/clock.ts'
export type { Fault } from './contract/fault.ts'
export { methodName, pathTemplates } from './contract/path-templates.ts'
export type { OutgoingRequest, RequestFacts } from './contract/request.ts'
export type {
  AuthRow,
  ConflictRow,
  ErrorRow,
  FatalRow,
  Kind,
  OutcomeOfError,
  Pace,
  RetryableRow,
  WaitHint,
} from './contract/row.ts'
export type {
  Credentials,
  LoginRequestInit,
  LoginTransport,
  Session,
  SessionHeaders,
  SessionSource,
} from './contract/session.ts'
export { UnusableLogin } from './contract/session.ts'
export type { BodyNeed, Reply, Sniff, Vendor } from './contract/vendor.ts'
export { identifier, urlPart } from './contract/work/identifier.ts'
export type {
  StateAnswer,
  VendorWork,
  WantedState,
  WorkLongPoll,
  WorkName,
  WorkPoll,
  WorkReport,
  WorkReports,
  WorkRequest,
} from './contract/work/vendor-work.ts'
export { defineVendor } from './define-vendor.ts'
export { OptionsError } from './error/options-error.ts'
export { kindOf } from './error/shown-value.ts'
export { isObject, type JsonObject, objectOf, objectsIn, parseJson, parseObject, textOf } from './json.ts'
export {
  type Check as OptionCheck,
  listOf,
  members,
  ofType,
  oneOf,
  suggestion,
  whole as wholeNumber,
} from './options/check.ts'
export {
  type ChecksOf,
  type CredentialsOf,
  checkNeeds,
  checkVendorOptions,
  credentialsFunction,
  credentialsOf,
  httpOrigin,
  httpUrl,
  nameInErrors,
  originOf,
  passwordLogin,
  passwordOptions,
  sessionSource,
  text,
} from './options/vendor-options.ts'
export { namedSecrets, secretsInBody } from './secrets/named-secrets.ts'
export type { FailureDetails, ReadTextOptions, SentRequest, TimeLimits } from './sent-request.ts'
