import { resilient } from '@holdfast/core'
import { withWork } from '@holdfast/core/work'
import { describe, expect, it, vi } from 'vitest'
import { openstack } from '../src/index.ts'
import { openstackWork } from '../src/work/index.ts'

const url = 'https://image.example'
// openstack/glance glance/api/versions.py: any path without a version is answered so, whatever the method.
const versions =
  '{"versions":[{"id":"v2.15","status":"CURRENT","links":[{"rel":"self","href":"https://image.example/v2/"}]}]}'
const answer = () => new Response(versions, { status: 300, headers: { 'content-type': 'application/json' } })

describe('a list of versions in answer to a path without a version', () => {
  it.each([
    ['POST', '/images'],
    ['PUT', '/images/i-1/file'],
    ['PATCH', '/images/i-1'],
    ['DELETE', '/images/i-1'],
  ])('is no success of a %s, and nothing was done', async (method, path) => {
    const send = vi.fn(async () => answer())
    const images = resilient(send, { vendor: openstack({ url }) })
    await expect(images(url + path, { method })).rejects.toMatchObject({
      code: 'multipleChoices',
      kind: 'fatal',
      mayBeDone: false,
      hint: expect.stringContaining('version'),
    })
    expect(send).toHaveBeenCalledOnce()
    const reply = await images.fetch(url + path, { method })
    expect([reply.status, await reply.text()]).toEqual([300, versions])
  })

  it('is no start of work', async () => {
    const servers = withWork(
      resilient(async () => answer(), { vendor: openstack({ url }) }),
      openstackWork,
    )
    const body = '{"server":{"name":"web"}}'
    await expect(servers.start(`${url}/servers`, { method: 'POST', body })).rejects.toMatchObject({
      code: 'multipleChoices',
    })
  })

  it.each(['GET', 'HEAD'])('is what a %s asks for', async (method) => {
    const reply = await resilient(async () => answer(), { vendor: openstack({ url }) })(url, { method })
    expect([reply.status, await reply.json()]).toEqual([300, JSON.parse(versions)])
  })
})
