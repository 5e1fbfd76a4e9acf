import { resilient } from '@holdfast/core'
import { describe, expect, it } from 'vitest'
import { catalogue, openstack } from '../src/index.ts'
import { replyTo, requestFacts } from '../src/testing.ts'
import cases from './wild/replies.json' with { type: 'json' }

const url = 'https://cloud.example'

describe('replies of OpenStack services', () => {
  it.each(cases)('$status $source: $body', ({ method, path, status, body, want }) => {
    const fault = openstack().parse(replyTo(requestFacts(url + path, method), status, body))
    expect(fault && catalogue.find(fault)).toMatchObject(want)
  })
})

describe('replies of whatever is in front of them', () => {
  const errorOf = (status: number, text: string, method = 'POST') =>
    resilient(async () => new Response(text, { status, headers: { 'content-type': 'text/html' } }), {
      vendor: openstack({ url }),
      retry: 0,
    })(`${url}/v3/p/volumes`, { method }).then(
      () => expect.fail('It went well.'),
      (error: unknown) => error,
    )

  // ManageIQ/manageiq-providers-openstack#293
  it('proves that nothing was done where HAProxy had no server to pass it on to', async () => {
    const page =
      '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n'
    await expect(errorOf(503, page)).resolves.toMatchObject({
      code: 'PROXY_NO_HEALTHY_UPSTREAM',
      outcome: 'rejected',
      mayBeDone: false,
    })
  })

  it('keeps the type of Neutron that no row has, and is judged by the status', async () => {
    const text = '{"NeutronError": {"type": "GadgetNotFound", "message": "Gadget 7 could not be found.", "detail": ""}}'
    await expect(errorOf(404, text)).resolves.toMatchObject({
      code: 'GadgetNotFound',
      kind: 'fatal',
    })
  })

  // noironetworks/group-based-policy; openstack/neutron neutron/api/api_common.py packs several failures into one Conflict.
  it.each(['L3PolicyInUse', 'Conflict'])(
    'takes %s beside 409 for a conflict, and does not know what was done',
    async (type) => {
      const text = JSON.stringify({ NeutronError: { type, message: 'x', detail: '' } })
      await expect(errorOf(409, text, 'DELETE')).resolves.toMatchObject({
        code: type,
        kind: 'conflict',
        outcome: 'unknown',
        mayBeDone: true,
      })
    },
  )

  // httpd modules/proxy/proxy_util.c, before a service that mod_proxy_uwsgi or mod_proxy_http passes requests on to.
  it('proves that nothing was done where Apache found no address', async () => {
    const page = '<h1>Proxy Error</h1>\n<p>Reason: <strong>DNS lookup failure for: nova-api</strong></p>'
    await expect(errorOf(502, page)).resolves.toMatchObject({ code: 'PROXY_CONNECT_FAILED', mayBeDone: false })
  })

  it('is judged by the status where nginx or uWSGI says nothing', async () => {
    await expect(errorOf(500, 'Internal Server Error')).resolves.toMatchObject({ code: 'HTTP_500', outcome: 'unknown' })
    const page =
      '<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n<center><h1>413 Request Entity Too Large</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'
    await expect(errorOf(413, page)).resolves.toMatchObject({ code: 'HTTP_413', kind: 'fatal' })
  })
})

it('takes no page at the address of a login for a login that was refused', () => {
  const page = cases.find(({ status, body }) => status === 404 && body.startsWith('<html>'))?.body ?? ''
  const request = requestFacts(`${url}/v3/auth/tokens`, 'POST')
  expect(page).not.toBe('')
  expect(openstack().parse(replyTo(request, 404, page))).toBeUndefined()
  expect(
    openstack().parse(replyTo(request, 404, '404 Not Found\n\nThe resource could not be found.\n\n   ')),
  ).toBeUndefined()
})

it('takes a server that is started already for started', () => {
  const path = '/v2.1/servers/8e9c/action'
  const text = `{"conflictingRequest": {"code": 409, "message": "Cannot 'start' instance 8e9c while it is in vm_state active"}}`
  const request = requestFacts(url + path, 'POST', { 'os-start': null })
  expect(openstack().parse(replyTo(request, 409, text))).toMatchObject({ achieved: true })
})
