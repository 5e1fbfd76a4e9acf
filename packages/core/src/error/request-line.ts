import type { Redactor } from '../secrets/redact.ts'

/** A request as messages name it. */
export interface NamedRequest {
  readonly method: string
  readonly url: string
  readonly operation: string
  readonly label?: string
}

/**
 * A request in one phrase: `VM.start (POST https://xen.example/jsonrpc)`. If the operation is the method and a path template, only
 * its query is added, such as `?action=start`, because the path is in the URL.
 */
export function requestLine({ method, url, operation, label }: NamedRequest): string {
  const line = `${method} ${url}`
  const whose = label === undefined ? '' : `[${label}] `
  if (operation === method) return whose + line
  if (!operation.startsWith(`${method} /`)) return `${whose}${operation} (${line})`
  const query = operation.indexOf('?')
  return whose + line + (query < 0 ? '' : operation.slice(query))
}

/** Redacts a request with further secrets. */
export function redactRequest({ method, url, operation, label }: NamedRequest, redactor: Redactor): NamedRequest {
  return {
    method,
    url: redactor.text(url),
    operation: redactor.text(operation),
    ...(label !== undefined && { label: redactor.text(label) }),
  }
}
