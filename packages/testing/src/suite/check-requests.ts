import type { RequestFacts, Vendor } from '@holdfast/core/plugin'
import { factsOf } from '../parse-reply.ts'
import type { VendorSuiteOptions } from './options.ts'
import { readOf, writeOf } from './requests.ts'
import { baseUrl, samplesOf } from './sample.ts'

/** The functions of a vendor that get only a request. */
const FUNCTIONS = [
  'covers',
  'scope',
  'limits',
  'isHostBound',
  'mayRelay',
  'needsRequestBody',
  'secretsIn',
  'isSafe',
  'isRepeatable',
  'verifyWith',
  'operation',
  'success',
  'bodyNeed',
  'answersNoPage',
] as const satisfies readonly (keyof Vendor)[]

/** Texts that a URL, a form or JSON must escape. */
const odd = ['\ud800', '\udfff', '%', '%E0%A4', '\u0000', '__proto__', '😀'.repeat(1_000), '']

/** Requests that make one of the vendor's functions throw, which are called while a request is sent or an error is made. */
export function findThrowingRequests(options: VendorSuiteOptions): string[] {
  const found = requestsOf(options).flatMap((request) => tryAsking(options.vendor, request))
  return [...new Set(found)]
}

function requestsOf(suite: VendorSuiteOptions): RequestFacts[] {
  const own = [readOf(suite), writeOf(suite)].map(({ method, url, body }) => ({ facts: factsOf(method, url), body }))
  const places = suite.vendor.catalogue.rows
    .flatMap((row) => samplesOf(suite, row))
    .map(({ reply, url }) => [reply.request?.method ?? 'POST', url] as const)
  // Most rows answer the same request.
  const sampled = [...new Map(places.map((place) => [place.join(' '), place])).values()].map(([method, url]) => ({
    facts: factsOf(method, url),
    body: undefined,
  }))
  const all = [...own, ...sampled].flatMap(({ facts, body }) =>
    [body, undefined, ...odd, ...odd.flatMap((text) => bodiesWith(text, body))].map((bodyText) => ({
      ...facts,
      bodyText,
    })),
  )
  // A URL without an origin, and malformed paths and queries.
  const oddPlaces = odd.flatMap((text) =>
    ['GET', 'POST', 'PUT', 'DELETE', 'BREW'].map((method) => oddPlace(suite, method, text)),
  )
  return [...all, ...oddPlaces]
}

function oddPlace(suite: VendorSuiteOptions, method: string, text: string): RequestFacts {
  const { path } = factsOf('GET', baseUrl(suite))
  return {
    method,
    url: path + text,
    origin: '',
    path: `${path}${text}`,
    query: `${text}=${text}&${text}`,
    bodyText: text,
  }
}

/** A JSON body with this text in place of each of its strings, or in an object of its own. */
const bodiesWith = (text: string, body: string | undefined): string[] => [
  JSON.stringify({ name: text, params: [text, { [text]: text }] }),
  ...(body === undefined ? [] : [body.replace(/"(?:[^"\\]|\\.)*"(?=\s*[,}\]])/g, () => JSON.stringify(text))]),
]

function tryAsking(vendor: Vendor, request: RequestFacts): string[] {
  return FUNCTIONS.flatMap((name) => {
    try {
      vendor[name]?.(request)
      return []
    } catch (error) {
      return [`${name} of ${request.method} ${request.path.slice(0, 100)}: ${String(error)}`]
    }
  })
}
