import type { RequestFacts } from '@holdfast/core/plugin'
import { factsOf } from '../parse-reply.ts'
import type { CaseRequest, VendorSuiteOptions } from './options.ts'
import { readOf, writeOf } from './requests.ts'

/** Identifiers of every kind, none of which is a word of an API. */
const TEXTS = ['zq4711', '8e9c4a1e-3a86-4f1f-9b2a-0d6f4c7c3b11', 'vm-4711', 'OpaqueRef:4711', 'Zq_of_mine']

/** Requests whose operation contains a text of the caller's. */
export function findNamesOfCallers(options: VendorSuiteOptions): string[] {
  const { vendor } = options
  const found = [readOf(options), writeOf(options)].flatMap((request) =>
    TEXTS.flatMap((text) =>
      requestsWith(request, text).flatMap((facts) => {
        const name = vendor.operation?.(facts) ?? ''
        return name.toLowerCase().includes(text.toLowerCase()) ? [`${facts.method} ${facts.path}: ${name}`] : []
      }),
    ),
  )
  return [...new Set(found)]
}

/** Requests with this text in each place that a caller can fill. */
function requestsWith({ method, url, body }: CaseRequest, text: string): RequestFacts[] {
  const segment = encodeURIComponent(text)
  const at = (changed: string, bodyText = body) => ({ ...factsOf(method, changed), bodyText })
  const { origin, pathname } = new URL(url)
  const parts = pathname.split('/')
  const replaced = parts.slice(1).map((_, index) => origin + parts.with(index + 1, segment).join('/'))
  return [
    ...[...replaced, `${url}/${segment}`, `${origin}/${segment}`].map((changed) => at(changed)),
    at(`${origin}${pathname}?action=${segment}&~action=${segment}&${segment}=${segment}`),
    { ...at(url), method: text.toUpperCase() },
    ...bodiesWith(body ?? '', text).map((changed) => at(url, changed)),
  ]
}

/** Bodies with this text in place of each of their strings, and one that consists of it. */
function bodiesWith(body: string, text: string): string[] {
  const changed = [...body.matchAll(/"(?:[^"\\]|\\.)*"|(?<=>)[^<>]+(?=<)/g)].map(({ 0: old, index }) => {
    const written = old.startsWith('"') ? JSON.stringify(text) : text
    return body.slice(0, index) + written + body.slice(index + old.length)
  })
  return [...changed, JSON.stringify({ method: text, params: [text], name: text, action: text })]
}
