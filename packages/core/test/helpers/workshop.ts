import { defineCatalogue, defineVendor, type SessionSource, type VendorWork } from '../../src/plugin.ts'

export const workshopOrigin = 'https://workshop.example'
const origin = workshopOrigin

export const catalogue = defineCatalogue('workshop', [
  { code: 'JOB_UNKNOWN', kind: 'fatal', outcome: 'rejected', status: 404, hint: 'Look for it in the archive.' },
  { code: 'PAINT_DRY', kind: 'fatal', outcome: 'rejected', hint: 'Buy paint.', params: ['colour'] },
  { code: 'ALREADY_PAINTED', kind: 'conflict', outcome: 'rejected', achieved: true, hint: 'It is done.' },
  { code: 'JOB_CANCELLED', kind: 'fatal', outcome: 'unknown', hint: 'Somebody has cancelled it.' },
  { code: 'TOO_LATE', kind: 'conflict', outcome: 'rejected', status: 409, hint: 'It is as good as done.' },
  { code: 'CLOSED', kind: 'retryable', outcome: 'rejected', pace: 'fast', status: 503, trips: true, hint: 'Wait.' },
  { code: 'BADGE_EXPIRED', kind: 'auth', outcome: 'rejected', reauth: true, status: 401, hint: 'Log in.' },
  { code: 'NOT_YOURS', kind: 'auth', outcome: 'rejected', reauth: false, status: 403, hint: 'Ask the master.' },
])

export interface Job {
  id: string
  status: string
  progress?: number
  result?: unknown
  error?: { code: string; message?: string; params?: readonly unknown[] }
  /** The name of the request that began it. */
  note?: string
}

/** A server of jobs in memory, and the `fetch` that leads to it. */
export class Workshop {
  readonly jobs = new Map<string, Job>()
  readonly asked: { readonly at: number; readonly line: string; readonly body: string }[] = []
  /** The answer to the next requests, if there is one. */
  interrupt: (line: string) => Response | Error | undefined = () => undefined
  /** Jobs of an answer. */
  most = 100
  logins = 0
  badge = ''
  #next = 1

  /** Restores the initial state. */
  reset(): void {
    this.jobs.clear()
    this.asked.length = 0
    this.interrupt = () => undefined
    this.most = 100
    this.logins = 0
    this.badge = ''
    this.#next = 1
  }

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    const { pathname, search } = new URL(request.url)
    const line = `${request.method} ${pathname}${search}`
    this.asked.push({ at: performance.now(), line, body: await request.text() })
    if (pathname === '/login') {
      this.badge = `badge-${++this.logins}`
      return Response.json({ badge: this.badge })
    }
    const fault = this.interrupt(line)
    if (fault instanceof Error) throw fault
    if (fault !== undefined) return fault
    if (request.headers.get('badge') !== this.badge) return refusal(401, 'BADGE_EXPIRED')
    return this.#answer(request.method, pathname, search)
  }

  /** Requests that asked after jobs. */
  get polls() {
    return this.asked.filter(({ line }) => /^GET \/jobs/.test(line))
  }

  begin(job: Partial<Job> = {}): Job {
    const id = job.id ?? `job-${this.#next++}`
    const begun = { status: 'running', ...job, id }
    this.jobs.set(id, begun)
    return begun
  }

  #answer(method: string, path: string, search: string): Response {
    const [, , id, deed] = path.split('/')
    if (path === '/walls' && method === 'POST') return Response.json({ job: this.begin().id }, { status: 202 })
    if (path.startsWith('/walls')) return Response.json({ colour: 'white' })
    if (id === undefined) {
      const ids = new URLSearchParams(search).getAll('id').slice(0, this.most)
      return Response.json(ids.flatMap((each) => this.jobs.get(each) ?? []))
    }
    const job = this.jobs.get(id)
    if (job === undefined) return refusal(404, 'JOB_UNKNOWN')
    if (deed === 'cancel') {
      if (job.status !== 'running') return refusal(409, 'TOO_LATE')
      Object.assign(job, { status: 'cancelled', error: { code: 'JOB_CANCELLED' } })
      return new Response(null, { status: 204 })
    }
    if (method === 'DELETE') this.jobs.delete(id)
    return Response.json(job)
  }
}

export const refusal = (status: number, code: string, headers: Record<string, string> = {}): Response =>
  Response.json({ code }, { status, headers })

const auth: SessionSource = {
  credentials: () => ({ username: 'u', password: 'p' }),
  async open(_, transport) {
    const reply = await transport.send('/login', { method: 'POST' })
    const { badge } = (await reply.json()) as { badge: string }
    return { badge, secrets: [badge] }
  },
  sign: (request, session) => request.headers.set('badge', (session as unknown as { badge: string }).badge),
}

export const workshop = () =>
  defineVendor({
    name: 'workshop',
    catalogue,
    origins: [origin],
    auth,
    operation: ({ method, path }) => `${method} /${path.split('/')[1]}`,
    verifyWith: ({ path }) => `GET ${path}`,
    parse({ status, text }) {
      if (status < 400) return undefined
      try {
        return { code: JSON.parse(text).code, status }
      } catch {
        return undefined
      }
    },
  })

const reportOf = ({ status, progress, result, error }: Job) => {
  if (status === 'running' || status === 'pending')
    return { status, ...(progress !== undefined && { progress }) } as const
  if (status === 'succeeded') return { status, result } as const
  return { status: status as 'failed' | 'cancelled', ...(error && { fault: error }) }
}

export const workshopWork: VendorWork = {
  vendor: 'workshop',
  begun({ status, text }) {
    return status === 202 ? { id: (JSON.parse(text) as { job: string }).job } : undefined
  },
  ask(works) {
    if (works.length === 1) return { path: `/jobs/${works[0].id}`, about: works }
    const about = works.slice(0, 100)
    return { path: `/jobs?${about.map(({ id }) => `id=${id}`).join('&')}`, about }
  },
  read({ text }, about) {
    let body: unknown
    try {
      body = JSON.parse(text)
    } catch {
      return undefined
    }
    const jobs = (about.length === 1 ? [body] : body) as Job[]
    return new Map(jobs.map((job) => [job.id, reportOf(job)]))
  },
  readRefusal: ({ code }) => (code === 'JOB_UNKNOWN' ? { status: 'lost', fault: { code } } : undefined),
  cancel: ({ id }) => ({ path: `/jobs/${id}/cancel` }),
}
