import { setTimeout as delay } from 'node:timers/promises'
import { isVendorError, type ResilientOptions, resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { vsphereWork } from '@holdfast/vsphere/work'
import { expect, test } from 'vitest'
import { layCable } from '../real/cable.ts'
import { type RealVcsim, withVcsim } from '../real/with-vcsim.ts'
import { type VsphereRow, vsphere } from '../src/index.ts'

const session = '/rest/com/vmware/cis/session'
const categories = '/rest/com/vmware/cis/tagging/category'
const tags = '/rest/com/vmware/cis/tagging/tag'
const associations = '/rest/com/vmware/cis/tagging/tag-association'
const header = 'vmware-api-session-id'

const machine = (id: string) => ({ type: 'VirtualMachine', id })
const category = (name: string) => ({
  create_spec: { name, description: '', cardinality: 'MULTIPLE', associable_types: ['VirtualMachine'] },
})

const envelope = (body: string) =>
  `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>${body}</Body></Envelope>`

/** A client, with a book of what it has sent. */
function clientOf({ port, ...login }: Pick<RealVcsim, 'port' | 'username' | 'password'>, options: Options = {}) {
  const { surface = 'rest', beforeSending, ...policy } = options
  const url = `http://127.0.0.1:${port}`
  /** `POST /rest/com/vmware/cis/session 200`; without a status where no reply came. */
  const lines: string[] = []
  let token = ''
  const watched: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    token = request.headers.get(header) ?? token
    const line = `${request.method} ${new URL(request.url).pathname}`
    beforeSending?.(line)
    const index = lines.push(line) - 1
    const reply = await fetch(request)
    lines[index] = `${line} ${reply.status}`
    return reply
  }
  const client = withWork(resilient(watched, { vendor: vsphere({ url, surface, ...login }), ...policy }), vsphereWork)
  const valueIn = async (reply: Response) => (await reply.json()).value
  return {
    client,
    url,
    token: () => token,
    /** How often something was sent, and answered so. */
    count: (line: string) => lines.filter((sent) => sent === line).length,
    get: async (path: string) => valueIn(await client(url + path)),
    post: (path: string, body: unknown) => client(url + path, { method: 'POST', body: JSON.stringify(body) }),
    /** Makes a tag in a category of its own. */
    async makeTag(name: string): Promise<string> {
      const category_id = await valueIn(await this.post(categories, category(name)))
      return valueIn(await this.post(tags, { create_spec: { name, description: '', category_id } }))
    },
    [Symbol.asyncDispose]: () => client.close(),
  }
}
type Options = ResilientOptions<VsphereRow> & {
  readonly surface?: 'api' | 'rest'
  readonly beforeSending?: (line: string) => void
}

/** What a failed promise fails with. */
const errorOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(() => undefined).catch((thrown: unknown) => thrown)
  return isVendorError(error) ? error : expect.fail(`It ended with ${error}.`)
}

const statusWith = async (url: string, token: string, method = 'GET') =>
  (await fetch(url, { method, headers: { [header]: token } })).status

withVcsim('a vCenter of govmomi', (vcsim) => {
  test('is logged in to once for many callers, renewed once for all, and logged out of', async () => {
    const vc = clientOf(vcsim())
    const ask = () => Promise.all(Array.from({ length: 20 }, () => vc.client(vc.url + categories)))
    await ask()
    expect(vc.count(`POST ${session} 200`)).toBe(1)
    expect(await statusWith(vc.url + session, vc.token(), 'DELETE')).toBe(200)
    const replies = await ask()
    expect(replies.every(({ status }) => status === 200)).toBe(true)
    expect(vc.count(`GET ${categories} 401`)).toBeGreaterThan(0)
    expect(vc.count(`POST ${session} 200`)).toBe(2)
    await vc.client.close()
    expect(await statusWith(vc.url + categories, vc.token())).toBe(401)
  })

  test('refuses a wrong password once', async () => {
    await using vc = clientOf({ ...vcsim(), password: 'wrong' })
    for (const _ of [1, 2]) expect(await errorOf(vc.get(categories))).toMatchObject({ kind: 'auth' })
    expect(vc.count(`POST ${session} 401`)).toBe(1)
    expect(vc.count(`POST ${session} 200`)).toBe(0)
  })

  test('has no session for /api, and is asked for one once', async () => {
    await using vc = clientOf(vcsim(), { surface: 'api' })
    const error = await errorOf(vc.get(categories))
    expect(error).toMatchObject({ kind: 'fatal', status: 404, outcome: 'rejected' })
    expect(vc.count('POST /api/session 404')).toBe(1)
  })

  test('names a conflict where a name is taken, and what is not there', async () => {
    await using vc = clientOf(vcsim())
    const tag = await vc.makeTag('once')
    expect(await vc.get(`${tags}/id:${tag}`)).toMatchObject({ id: tag, name: 'once' })
    expect(await errorOf(vc.makeTag('once'))).toMatchObject({
      code: 'ALREADY_EXISTS',
      kind: 'conflict',
      outcome: 'rejected',
      operation: `POST ${categories}`,
    })
    expect(vc.count(`POST ${categories} 400`)).toBe(1)
    expect(await errorOf(vc.get(`${tags}/id:none`))).toMatchObject({ code: 'HTTP_404', kind: 'fatal', status: 404 })
    expect(vc.count(`GET ${tags}/id:none 404`)).toBe(1)
  })

  test('tells of a failure in its 200', async () => {
    await using vc = clientOf(vcsim())
    const body = { object_id: machine('vm-1'), tag_ids: ['none'] }
    const attaching = vc.post(`${associations}?~action=attach-multiple-tags-to-object`, body)
    expect(await errorOf(attaching)).toMatchObject({
      status: 200,
      mayBeDone: true,
      message: expect.stringContaining('none'),
    })
  })

  test('says in its own words, at /sdk, who is not logged in', async () => {
    await using vc = clientOf(vcsim())
    const ask = (operation: string) =>
      errorOf(vc.client(`${vc.url}/sdk`, { method: 'POST', body: envelope(operation) }))
    const start = '<PowerOnVM_Task xmlns="urn:vim25"><_this type="VirtualMachine">vm-1</_this></PowerOnVM_Task>'
    expect(await ask(start)).toMatchObject({ code: 'NotAuthenticated', kind: 'auth', outcome: 'rejected' })
    const manager = '<_this type="SessionManager">SessionManager</_this>'
    const login = `<Login xmlns="urn:vim25">${manager}<userName>u</userName><password>wrong</password></Login>`
    expect(await ask(login)).toMatchObject({ code: 'InvalidLogin', kind: 'auth', outcome: 'rejected' })
    expect(vc.count('POST /sdk 500')).toBe(2)
  })

  test('tags 500 machines, 8 at a time, through three seconds without a connection', async () => {
    await using cable = await layCable(vcsim().port)
    let attached = 0
    let mended: Promise<void> | undefined
    await using vc = clientOf(
      { ...vcsim(), port: cable.port },
      {
        beforeSending(line) {
          if (!line.startsWith(`POST ${associations}/`) || ++attached !== 100) return
          mended = cable
            .cutByRequest()
            .then(() => delay(3000))
            .then(cable.mend)
        },
      },
    )
    const tag = await vc.makeTag('all')
    const path = `${associations}/id:${tag}`
    const machines = Array.from({ length: 500 }, (_, index) => `vm-${index}`)
    const results = await vc.client.each(machines, { concurrency: 8 }, (vm) =>
      vc.post(`${path}?~action=attach`, { object_id: machine(vm) }),
    )
    await mended
    expect(results.filter(({ status }) => status !== 'succeeded')).toEqual([])
    expect(vc.count(`POST ${path}`)).toBeGreaterThan(0)
    expect(vc.count(`POST ${path} 200`)).toBe(500)
    expect(vc.count(`POST ${session} 200`)).toBe(1)
    const reply = await vc.post(`${path}?~action=list-attached-objects`, {})
    const { value } = (await reply.json()) as { value: readonly { id: string }[] }
    expect(value.map(({ id }) => id).toSorted()).toEqual(machines.toSorted())
  })

  test('is not asked a second time for what may be done, such as a category', async () => {
    await using cable = await layCable(vcsim().port)
    await using vc = clientOf({ ...vcsim(), port: cable.port })
    await vc.get(categories)
    const cut = cable.cutByRequest()
    expect(await errorOf(vc.post(categories, category('lost')))).toMatchObject({
      mayBeDone: true,
      reason: 'not-repeatable',
    })
    await cut
    expect(vc.count(`POST ${categories}`)).toBe(1)
    cable.mend()
  })
})
