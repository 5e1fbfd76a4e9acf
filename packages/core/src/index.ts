export { acceptedOf } from './act/accept-conflict.ts'
export { insideAttempt } from './act/outer-call.ts'
export type { Fetch } from './call/engine.ts'
export type { Catalogue, CodeOf } from './contract/catalogue.ts'
export type { Decision, FailReason, RefusalReason, WaitReason } from './contract/decision.ts'
export type { Observer, ResilienceEvent, VerdictFacts } from './contract/event.ts'
export type { Fault } from './contract/fault.ts'
export type {
  BreakerOptions,
  BudgetOptions,
  CallOptions,
  ConflictAnswer,
  Curve,
  ErrorOptions,
  Jitter,
  OnConflict,
  OneCallOptions,
  Override,
  PauseOptions,
  Priority,
  ResilientOptions,
  RetryOptions,
  ScopedRequest,
  ScopeOf,
  ServiceSnapshot,
  SessionSnapshot,
  State,
  StateSize,
} from './contract/policy.ts'
export {
  anthropicLimits,
  awsLimits,
  githubLimits,
  googleLimits,
  openaiLimits,
  salesforceLimits,
  stripeLimits,
} from './contract/rate-limit/presets.ts'
export type { CounterHeaders, RateLimitRules, ThrottleSign } from './contract/rate-limit/rules.ts'
export type {
  AttemptBody,
  AttemptHeaders,
  BeforeAttempt,
  DeadlineHeaderOptions,
  FetchInit,
  HedgeOptions,
  IdempotencyKeyOptions,
  NextAttempt,
  RequestFacts,
} from './contract/request.ts'
export type {
  AuthRow,
  ConflictRow,
  ErrorRow,
  FatalRow,
  Kind,
  OutcomeOfError,
  Pace,
  RetryableRow,
} from './contract/row.ts'
export type { Vendor } from './contract/vendor.ts'
export type { Classify, ReadReply, ReplyVerdict, Verdict } from './contract/verdict.ts'
export type { CauseJson } from './error/cause-json.ts'
export { type ErrorOf, isErrorOf } from './error/error-of.ts'
export { fromJSON } from './error/from-json.ts'
export { isRefused } from './error/is-refused.ts'
export { isOptionsError, OptionsError } from './error/options-error.ts'
export { RefusedError, type RefusedErrorJson } from './error/refused-error.ts'
export {
  type AttemptRecord,
  isAuth,
  isConflict,
  isFatal,
  isRetryable,
  isVendorError,
  type ShownRequest,
  VendorError,
  type VendorErrorJson,
} from './error/vendor-error.ts'
export type { AskedRequest, ExplainedRequest, Explanation } from './explain.ts'
export { http } from './http/http.ts'
export { type ResilientInit, withResilience } from './loop/fetch.ts'
export { failureOf, shouldRetry } from './loop/find-failure.ts'
export { optionNames } from './options/options.ts'
export { redact, type ShownParts, secretsOfRequest } from './redaction.ts'
export { type ResilientFetch, resilient } from './resilient.ts'
export type { FailureDetails, ReadTextOptions, SentRequest, TimeLimits } from './sent-request.ts'
export { forgetRefusedLogins } from './session/login/refused-logins.ts'
export type { CloseOptions } from './shut-down.ts'
export { createState } from './state/shared-state.ts'
export { timeline } from './timeline.ts'
