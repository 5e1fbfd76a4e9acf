import { describe, expect, it } from 'vitest'
import { resilient } from '../src/index.ts'
import type { RequestFacts } from '../src/plugin.ts'
import { withWork } from '../src/work/index.ts'
import { played } from './helpers/play.ts'
import { stubFetch } from './helpers/stub-fetch.ts'
import { useWorkshop, walls } from './helpers/use-workshop.ts'
import { workshopOrigin, workshopWork } from './helpers/workshop.ts'

const { shop, clientOf, later } = useWorkshop()

describe('work is that of the request as it was when it was begun, whatever its caller does with it:', () => {
  it('a URL object, pointed elsewhere meanwhile', async () => {
    const target = new URL(walls)
    const begun = clientOf().start(target, { method: 'POST' })
    target.host = 'stranger.example'
    const work = await played(begun)
    expect(JSON.parse(JSON.stringify(work))).toMatchObject({ origin: workshopOrigin, url: walls })
    later(1_000, { status: 'succeeded', result: 'white' })
    expect(await played(work.result)).toBe('white')
  })

  it.each<[string, (init: RequestInit) => RequestInit]>([
    ['an init', (init) => init],
    ['an init whose members stand on its prototype', (init) => Object.create(init) as RequestInit],
  ])('%s, when the work is looked for', async (_, make) => {
    const asked: Pick<RequestFacts, 'method' | 'bodyText'>[] = []
    const find = ({ method, bodyText }: RequestFacts) => {
      asked.push({ method, bodyText })
      return undefined
    }
    shop.interrupt = (line) =>
      line.startsWith('POST /walls') ? new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }) : undefined
    const body = new URLSearchParams({ colour: 'white' })
    const given = { method: 'POST', body }
    const begun = clientOf({}, { ...workshopWork, find })
      .start(walls, make(given))
      .catch(() => {})
    body.set('colour', 'black')
    given.method = 'PUT'
    await played(begun)
    expect(asked).toEqual([{ method: 'POST', bodyText: 'colour=white' }])
  })

  it('a record of it, and what is written of it', async () => {
    const client = clientOf()
    const { id } = shop.begin()
    const saved = JSON.parse(JSON.stringify(client.work(id)))
    const work = client.work(saved)
    saved.work.id = 'job-2'
    ;(work as unknown as { toJSON(): { work: { id: string } } }).toJSON().work.id = 'job-3'
    expect(work.id).toBe(id)
    later(1_000, { status: 'succeeded', result: 'white' })
    expect(await played(work.result)).toBe('white')
  })

  it('the limits of its waiting', async () => {
    const options = { timeout: 5_000 }
    const work = await played(clientOf().start(walls, { method: 'POST' }, options))
    options.timeout = 600_000
    await expect(played(work.result)).rejects.toThrow(/5000 ms|5 s/)
  })
})

it('a question for a state is asked as it was given, however often', async () => {
  const { fetch, sent } = stubFetch(() => Response.json({ done: false }))
  const headers = new Headers({ authorization: 'Bearer mine' })
  const target = new URL('https://api.example/things')
  const waiting = withWork(resilient(fetch)).until({ url: target, headers }, () => sent.length === 3)
  headers.set('authorization', 'Bearer of another tenant')
  target.pathname = '/others'
  await played(waiting)
  const seen = sent.map(({ input, init }) => [String(input), new Headers(init?.headers).get('authorization')])
  expect(seen).toEqual(Array.from({ length: 3 }, () => ['https://api.example/things', 'Bearer mine']))
})

it.each([
  ['failure', (client: ReturnType<typeof resilient>, sent: { url: string }) => client.failure({ code: 'X' }, sent)],
  ['timeLimits', async (client: ReturnType<typeof resilient>, sent: { url: string }) => client.timeLimits(sent)],
  [
    'start',
    (client: ReturnType<typeof resilient>, sent: { url: string }) =>
      withWork(client, workshopWork).start(sent.url, sent as RequestInit),
  ],
])('no header that cannot be sent is told by %s', async (_, ask) => {
  const sent = { url: walls, headers: [['authorization', 'Bearer s3cret-of-mine\0']] as [string, string][] }
  const client = clientOf() as unknown as ReturnType<typeof resilient>
  const thrown = await ask(client, sent).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(TypeError)
  expect(String((thrown as Error).stack)).not.toContain('s3cret')
})
