import {
  defineCatalogue,
  defineVendor,
  type Fault,
  type Reply,
  type Session,
  type SessionSource,
} from '@holdfast/core/plugin'
import type { DocumentedError } from '../src/index.ts'

/** A made-up ferry line with every class of error: what the kit is tried on. */
export const catalogue = defineCatalogue('ferry', [
  {
    code: 'PIER_BUSY',
    status: 409,
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    hint: 'Another ferry is at the pier: wait.',
  },
  {
    code: 'FOG',
    status: 500,
    kind: 'retryable',
    outcome: 'unknown',
    pace: 'slow',
    trips: true,
    hint: 'The ferry may have left: look for it.',
  },
  {
    code: 'HARBOUR_CLOSED',
    status: 503,
    params: ['harbour', 'seconds'],
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    trips: true,
    wait: { param: 'seconds', unit: 's' },
    hint: 'The harbour is closed: come back later.',
  },
  {
    code: 'berth.closed',
    refines: 'HARBOUR_CLOSED',
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'slow',
    hint: 'One berth is closed, the harbour is open.',
  },
  {
    code: 'WRONG_PIER',
    status: 421,
    params: ['pier'],
    kind: 'retryable',
    outcome: 'rejected',
    pace: 'fast',
    reroute: { param: 'pier' },
    hint: 'Ask at the pier that the answer names.',
  },
  { code: 'TICKET_EXPIRED', status: 401, kind: 'auth', outcome: 'rejected', reauth: true, hint: 'Buy a new ticket.' },
  {
    code: 'CREW_ONLY',
    status: 403,
    kind: 'auth',
    outcome: 'rejected',
    reauth: false,
    hint: 'Only the crew may do this.',
  },
  {
    code: 'ALREADY_ABOARD',
    status: 409,
    kind: 'conflict',
    outcome: 'rejected',
    achieved: true,
    hint: 'Nothing is left to do.',
  },
  { code: 'DECK_FULL', status: 409, kind: 'conflict', outcome: 'rejected', hint: 'Clear the deck first.' },
  { code: 'NO_SUCH_PORT', status: 404, kind: 'fatal', outcome: 'rejected', hint: 'Check the name of the port.' },
  { code: 'ENGINE_FAILURE', status: 500, kind: 'fatal', outcome: 'unknown', trips: true, hint: 'Call the engineer.' },
])

export const documented: DocumentedError[] = catalogue.rows.flatMap((row) =>
  'refines' in row ? [] : [{ code: row.code, status: row.status }],
)

const origin = 'https://ferry.example'

interface TicketSession extends Session {
  readonly ticket: string
}

const auth: SessionSource<{ name: string }, TicketSession> = {
  credentials: () => ({ name: 'Ishmael' }),
  publicFields: ['name'],
  async open({ name }, transport) {
    const response = await transport.send('/tickets', { method: 'POST', body: JSON.stringify({ name }) })
    const { ticket } = (await response.json()) as { ticket: string }
    return { ticket, secrets: [ticket] }
  },
  sign: ({ headers }, { ticket }) => headers.set('x-ticket', ticket),
}

export const ferry = (withAuth = false) =>
  defineVendor({
    name: 'ferry',
    catalogue,
    origins: [origin],
    secretHeaders: ['x-ticket'],
    bodyNeed: ({ path }) => (path === '/voyage' ? 'whole' : 'none'),
    parse,
    ...(withAuth && { auth }),
  })

/** Sells a new ticket each time. */
export function ticketOffice() {
  let sold = 0
  return (request: Request): Response | undefined => {
    if (new URL(request.url).pathname !== '/tickets') return undefined
    sold += 1
    return Response.json({ ticket: `ticket-${sold}` }, { status: 201 })
  }
}

const json = { 'content-type': 'application/json' }

/** What the ferry line's servers send: a plain body, an older wrapped one, and a voyage that failed on the way. */
export const wire = {
  plain: (fault: Fault) =>
    fault.inTask ? undefined : { status: fault.status ?? 400, headers: json, body: JSON.stringify(bodyOf(fault)) },
  wrapped: (fault: Fault) =>
    fault.inTask || fault.message !== undefined
      ? undefined
      : { status: fault.status ?? 400, headers: {}, body: JSON.stringify({ error: bodyOf(fault) }) },
  voyage: (fault: Fault) =>
    fault.inTask
      ? {
          status: 200,
          headers: json,
          body: JSON.stringify({ failed: bodyOf(fault) }),
          request: { method: 'POST', url: '/voyage' },
        }
      : undefined,
}

const bodyOf = ({ code, details, params, message }: Fault) => ({ code, details, params, message })

function parse({ status, text }: Reply): Fault | undefined {
  const body = read(text)
  const failed = status < 400 ? body?.failed : undefined
  const error = status < 400 ? failed : (body?.error ?? body)
  if (!isRecord(error) || typeof error.code !== 'string') return undefined
  const { code, details, params, message } = error
  return {
    code,
    status,
    ...(Array.isArray(details) && { details: details.map(String) }),
    ...(Array.isArray(params) && { params }),
    ...(typeof message === 'string' && { message }),
    ...(failed !== undefined && { inTask: true }),
  }
}

function read(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return isRecord(body) ? body : undefined
  } catch {
    return undefined
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
