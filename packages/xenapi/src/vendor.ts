import { defineVendor, type ErrorRow, type Vendor } from '@holdfast/core/plugin'
import { catalogue } from './catalogue.ts'
import type { PoolFormat } from './format-fallback.ts'
import { hintFor } from './hints.ts'
import { noAnswerIn } from './no-answer.ts'
import { operation } from './operation.ts'
import { checkOptions, type XenApiOptions } from './options.ts'
import { parse } from './parse.ts'
import {
  answersNoPage,
  isHostBound,
  isRelayed,
  isRepeatable,
  isRpc,
  isSafe,
  limits,
  mayFailLate,
  scope,
} from './requests.ts'
import { secretsIn } from './secrets.ts'
import { sessionSource } from './session.ts'
import { success } from './success.ts'
import { verificationOf } from './verification.ts'
import { sniffer } from './wire/sniff.ts'

/** One row of XenAPI's catalogue. `Extract` gives the union of all rows this name, which editors show. */
export type XenApiRow = Extract<(typeof catalogue)['rows'][number], ErrorRow>

/**
 * Makes the vendor, with logins in the format of its pool.
 *
 * @param readsAnswers true for a client that reads whole answers, and sends a call again whose answer is none.
 */
export function makeVendor(options: XenApiOptions, format: PoolFormat, readsAnswers = false): Vendor<XenApiRow> {
  const { origins, credentials, ...settings } = checkOptions(options)
  const answer = readsAnswers ? 'answer' : 'own-answer'
  return defineVendor({
    name: 'xenapi',
    catalogue,
    parse: readsAnswers ? parse : (reply) => parse(reply) ?? noAnswerIn(reply),
    operation,
    hintFor,
    success,
    scope,
    isSafe,
    isRepeatable,
    limits,
    mayRelay: isRelayed,
    needsRequestBody: isRpc,
    verifyWith: verificationOf,
    secretsIn,
    bodyNeed: (request) => (mayFailLate(request) ? sniffer(isRpc(request) ? answer : 'reply') : 'none'),
    answersNoPage,
    // These may contain the session of an import or export.
    secretHeaders: ['cookie'],
    ...(origins.length > 0 && { origins, endpoints: origins, isHostBound }),
    ...(credentials !== undefined && { auth: sessionSource({ ...settings, format }, credentials) }),
  })
}
