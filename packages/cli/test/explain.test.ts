import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ran } from './terminal.ts'

describe('a code', () => {
  it('is explained in words: what it means, what was done, what to do, and what a client would do', async () => {
    const printed = await ran(['explain', 'xenapi', 'VM_BAD_POWER_STATE'])
    expect(printed).toEqual({
      status: 0,
      stderr: '',
      stdout: `xenapi VM_BAD_POWER_STATE
  kind      conflict: the present state of what the request names rules it out
  outcome   rejected: refused before anything was done
  hint      Bring the VM into the expected power state, then ask again.
  why       Achieved only where the state that the request wanted is the one named; the parameters alone do not say which that was.
  read      fails (conflict)
  change    fails (conflict)
  params    vm, expected, actual
  source    the error document of xenapi
`,
    })
    expect(readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8')).toContain(printed.stdout)
  })

  it('is asked of everybody where no vendor is named', async () => {
    const { stdout } = await ran(['explain', 'HTTP_503'])
    expect(stdout).toMatch(/^http HTTP_503$/m)
    expect(stdout).toMatch(/^vsphere SERVICE_UNAVAILABLE$/m)
    expect(stdout).toMatch(/^ {2}read +sent again, after a back-off$/m)
    expect(stdout).toMatch(/^ {2}change +fails \(not-repeatable\)$/m)
  })

  it('of a status is known to every vendor', async () => {
    expect((await ran(['explain', 'vbs', 'HTTP_502'])).stdout).toMatch(/^vbs HTTP_502$/m)
  })

  it('is a status as well, as it stands in a log', async () => {
    expect((await ran(['explain', 'http', '503'])).stdout).toMatch(/^http HTTP_503$/m)
    expect((await ran(['catalogue', 'http', '503'])).stdout).toContain('"code":"HTTP_503"')
    expect((await ran(['explain', 'xenapi', '42'])).stderr).toBe('xenapi does not list `42`.\n')
  })

  it.each([
    ['xenapi', "['VM_BAD_POWER_STATE',", 'VM_BAD_POWER_STATE'],
    ['xenapi', 'SR_BACKEND_FAILURE_46(, The VDI is not available)', 'SR_BACKEND_FAILURE_46'],
    ['vsphere', '"RESOURCE_BUSY",', 'RESOURCE_BUSY'],
    ['vsphere', 'pyVmomi.VmomiSupport.vim.fault.InvalidPowerState:', 'InvalidPowerState'],
  ])('is found in what surrounds it in an error: %s %s', async (vendor, given, code) => {
    expect((await ran(['explain', vendor, given])).stdout).toContain(`${vendor} ${code}\n`)
  })

  it.each([
    [['http', 'DEPTH_ZERO_SELF_SIGNED_CERT'], 'http TLS_CERTIFICATE'],
    [['ERR_SSL_WRONG_VERSION_NUMBER'], 'http TLS_HANDSHAKE'],
    [['vsphere', 'CERT_HAS_EXPIRED'], 'vsphere TLS_CERTIFICATE'],
    [['XenAPI', 'HOST_IS_SLAVE'], 'xenapi HOST_IS_SLAVE'],
    [['HTTP', '503'], 'http HTTP_503'],
  ])('is found by the name that Node.js has for it, and a vendor in any case: %j', async (words, title) => {
    const { stdout, stderr } = await ran(['explain', ...words])
    expect([stdout.slice(0, stdout.indexOf('\n')), stderr]).toEqual([title, ''])
  })

  it('beside a name of no vendor is explained, and the vendors are named', async () => {
    const { stderr } = await ran(['explain', 'vcenter', 'RESOURCE_BUSY'])
    expect(stderr).toMatch(/^Nobody lists `vcenter`\. Vendors are xenapi, vsphere, /)
  })

  it.each(['com.vmware.vapi.std.errors.not_found', 'vapi.std.errors.not_found'])(
    'is spelt as /rest spells it: %s',
    async (code) => {
      expect((await ran(['explain', 'vsphere', code])).stdout).toMatch(/^vsphere NOT_FOUND$/m)
      expect((await ran(['explain', code])).stdout).toMatch(/^vsphere NOT_FOUND$/m)
    },
  )

  it.each([
    ['vsphere', 'UNAUTHENTICATED'],
    ['xenapi', 'SESSION_INVALID'],
    ['openstack', 'HTTP_401'],
    ['csbs', 'HTTP_401'],
    ['vbs', 'AutoBackup.0003'],
  ])('of a session that has ended is told as by a client that logs in: %s %s', async (vendor, code) => {
    const { stdout } = await ran(['explain', vendor, code])
    expect(stdout).toMatch(/^ {2}read +sent again, after one more login$/m)
    expect(stdout).toMatch(/^ {2}change +sent again, after one more login$/m)
  })

  it.each([
    [['vsphere', 'NotAuthenticated'], 'read'],
    [['openstack', 'HTTP_401', '--method', 'POST', '--url', '/v3/auth/tokens'], 'POST'],
  ])('of a session that its caller opens is told to fail: %j', async (args, request) => {
    expect((await ran(['explain', ...args])).stdout).toMatch(new RegExp(`^ {2}${request} +fails \\(auth\\)$`, 'm'))
  })

  it('is explained for one method, and as JSON', async () => {
    const { stdout } = await ran(['explain', 'http', 'HTTP_503', '--method', 'put', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([
      {
        vendor: 'http',
        verdict: { code: 'HTTP_503', kind: 'retryable' },
        request: { method: 'PUT', repeatable: true },
      },
    ])
  })

  it('is explained, whatever words the options have', async () => {
    expect((await ran(['explain', 'http', 'HTTP_503', '--data', 'help'])).stdout).toMatch(/^http HTTP_503$/m)
  })

  it('that nobody lists is not found, and others are told all the same', async () => {
    const { stdout, stderr, status } = await ran(['explain', 'xenapi', 'VM_BAD_POWER_STAT', 'HOST_IS_SLAVE'])
    expect(stdout).toMatch(/^xenapi HOST_IS_SLAVE$/m)
    expect(stderr).toBe('xenapi does not list `VM_BAD_POWER_STAT`. Did you mean `VM_BAD_POWER_STATE`?\n')
    expect(status).toBe(1)
    expect((await ran(['explain', 'NO_SUCH_THING_AT_ALL'])).status).toBe(1)
  })
})

describe('a reply', () => {
  const body = '{"jsonrpc":"2.0","error":{"code":1,"message":"HOST_OFFLINE","data":["OpaqueRef:1"]},"id":1}'
  const explained = (text: string | Uint8Array, ...args: string[]) =>
    ran(['explain', 'xenapi', '--reply', '-', ...args], text)

  it('is read as curl prints it', async () => {
    const { stdout, status } = await explained(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`)
    expect(stdout).toMatch(/^xenapi HOST_OFFLINE$/m)
    expect(status).toBe(0)
  })

  it.each([
    ['after a proxy’s own', `HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 503 \r\nretry-after: 7\r\n\r\n`],
    ['with lines that end as on Unix', 'HTTP/1.1 100 Continue\n\nHTTP/1.1 503 Busy\nretry-after: 7\n\n'],
    ['without a body or an end', 'HTTP/1.0 503\nRetry-After: 7'],
  ])('is the last of several, %s', async (_, text) => {
    const { stdout } = await ran(['explain', 'http', '--reply', '-', '--method', 'get'], text)
    expect(stdout).toMatch(/^http HTTP_503$/m)
    expect(stdout).toMatch(/^ {2}GET +sent again, after the wait that the server asks for$/m)
  })

  it('may be a body alone', async () => {
    expect((await explained(body)).stdout).toMatch(/^xenapi HOST_OFFLINE$/m)
    const { stdout } = await ran(['explain', 'http', '--reply', '-', '--status', '429'], 'Slow down.')
    expect(stdout).toMatch(/^http HTTP_429$/m)
  })

  it('is the answer to a request, which says if it may be sent again', async () => {
    const slave = '{"jsonrpc":"2.0","error":{"code":1,"message":"HOST_BROKEN","data":[]},"id":1}'
    const asking = (method: string) => ['--data', JSON.stringify({ jsonrpc: '2.0', method, params: [], id: 1 })]
    const [read, start] = await Promise.all(
      ['VM.get_all', 'VM.start'].map(async (method) =>
        JSON.parse((await explained(slave, '--json', '--url', 'https://xen-7/jsonrpc', ...asking(method))).stdout),
      ),
    )
    expect(read).toMatchObject([{ request: { operation: 'VM.get_all', repeatable: true } }])
    expect(start).toMatchObject([{ request: { operation: 'VM.start', repeatable: false } }])
  })

  it('that is fine is told so', async () => {
    expect(await explained('{"jsonrpc":"2.0","result":"OpaqueRef:1","id":1}')).toEqual({
      stdout: 'xenapi\n  Nothing is wrong.\n',
      stderr: '',
      status: 0,
    })
  })
})

describe('what is not understood is named, and what was expected', () => {
  it.each([
    [['explin', 'x'], 'There is no command explin.'],
    [['explain'], 'A code is missing, or `--reply -` for a reply that is piped in.'],
    [['explain', 'xenapi'], 'A code is missing, or `--reply -` for a reply that is piped in.'],
    [['explain', '--repl', 'x'], "Unknown option '--repl'."],
    [['explain', 'http', 'HTTP_503', '--status', '42'], '--status takes a number from 200 to 599, got 42.'],
    [['explain', 'http', 'HTTP_503', '--url', 'http://'], '--url takes a URL, or a path that begins with a slash.'],
    [['explain', 'xenap', '--reply', '-'], 'A reply is explained for one vendor, got xenap. Did you mean `xenapi`?'],
    [['explain', 'xenapi', 'vbs', '--reply', '-'], 'A reply is explained for one vendor, got xenapi vbs.'],
    [['explain', 'http', '--reply', '.'], '.: EISDIR: illegal operation on a directory, read'],
    [
      ['explain', '--reply', '-'],
      'A reply is explained for one vendor, got none. There are xenapi, vsphere, openstack, csbs, vbs, bearer, http; http is any other API.',
    ],
    [['explain', 'http', '--reply', '/no/such/file'], "ENOENT: no such file or directory, open '/no/such/file'"],
  ])('%j', async (args, message) => {
    const { stdout, stderr, status } = await ran(args)
    expect(stderr).toBe(`${message}\nholdfast --help shows how it is used.\n`)
    expect([stdout, status]).toEqual(['', 2])
  })

  it.each([
    ['HTTP/1.1 twenty\r\n\r\n', 'Line 1 is no status line: "HTTP/1.1 twenty".'],
    ['HTTP/1.1 200 OK\r\nnot a header\r\n\r\n', 'Line 2 is no header'],
    ['HTTP/1.1 999 No\r\n\r\n', 'A reply has a status from 200 to 599, got 999.'],
    ['a'.repeat(17_000_000), '- has more than 16777216 bytes'],
  ])('of a reply', async (text, message) => {
    const { stderr, status } = await ran(['explain', 'http', '--reply', '-'], text)
    expect(stderr).toContain(message)
    expect(status).toBe(2)
  })

  it('with nothing of a line that may hold a secret', async () => {
    const { stderr } = await ran(['explain', 'http', '--reply', '-'], 'HTTP/1.1 200 OK\nset-cookie = s3cret-value\n\n')
    expect(stderr).toContain('Line 2 is no header')
    expect(stderr).not.toContain('s3cret')
  })
})

it('tells its usage and its version', async () => {
  expect((await ran([])).stdout).toMatch(/^Usage: holdfast explain/)
  expect((await ran(['explain', '--help'])).stdout).toMatch(/^Usage: holdfast explain/)
  expect((await ran(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})
