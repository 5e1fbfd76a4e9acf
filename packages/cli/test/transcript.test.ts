import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ran } from './terminal.ts'

const error = '{"error_type":"NOT_FOUND","messages":[]}'
const fields = ['content-type: application/json', 'Date: Tue, 01 Dec 2026 03:52:10 GMT', 'Connection: keep-alive']
const headed = (line: string, of: (field: string) => string = (field) => field) => [line, ...fields].map(of)
const lines = (...parts: readonly (string | readonly string[])[]) => parts.flat().join('\n')
const dos = (text: string) => text.replaceAll('\n', '\r\n')

const request = ['GET /api/vcenter/vm/vm-7 HTTP/1.1', 'Host: vc.example', 'Accept: */*', '']
const missing = lines(headed('HTTP/1.1 404 Not Found'), '', error)
const spoken = (mark: string, all: readonly string[]) => all.map((each) => `${mark} ${each}`)
const verbose = (status: string, ...more: readonly string[]) => [
  '*   Trying 10.0.0.1:443...',
  '* Connected to vc.example (10.0.0.1) port 443 (#0)',
  ...spoken('>', request),
  ...spoken('<', headed(status)),
  '< ',
  '{ [51 bytes data]',
  ...more,
]
const intact = '* Connection #0 to host vc.example left intact'
const progress =
  '  % Total    % Received % Xferd\n\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0'
const fetched = '\r100    40    0    40    0     0   9413      0 --:--:-- --:--:-- --:--:-- 10000'
const wget = (status: string) => [
  '--2026-12-01 03:52:11--  https://vc.example/api/vcenter/vm/vm-7',
  'HTTP request sent, awaiting response... ',
  ...headed(status, (field) => `  ${field}`),
]
const logged = (status: number, body: string) => [
  `https://vc.example "GET /api/vcenter/vm/vm-7 HTTP/1.1" ${status} 40`,
  `DEBUG: keystoneauth.session RESP: [${status}] Connection: keep-alive Content-Type: application/json Date: Tue, 01 Dec 2026 03:52:10 GMT`,
  `DEBUG: keystoneauth.session RESP BODY: ${body}`,
  '',
]
const painted = (text: string) => text.replace(/^([\w-]+):/gm, '\u001b[36m$1\u001b[39;49;00m:')

describe('the reply is found in what is printed by', () => {
  it.each([
    ['curl -i', dos(missing)],
    ['curl -i, with its progress', `${progress}${fetched}\n${dos(missing)}`],
    ['curl -i on a terminal', painted(missing).replaceAll('\n', '\r\r\n')],
    ['curl -i of two addresses', `${dos(lines(headed('HTTP/1.1 200 OK'), '', '[]'))}${dos(missing)}`],
    ['curl -i over HTTP/2', dos(missing).replace('HTTP/1.1 404 Not Found', 'HTTP/2 404 ')],
    ['curl -v', lines(verbose('HTTP/1.1 404 Not Found', intact, error))],
    ['curl -v, whose body stands before its last words', lines(verbose('HTTP/1.1 404 Not Found', error + intact))],
    ['curl -v, with its progress', `${progress}${lines(verbose('HTTP/1.1 404 Not Found', fetched, intact, error))}`],
    ['curl -v and its request', lines(verbose('HTTP/2 404', '} [7 bytes data]', intact, error))],
    [
      'curl -v after a redirect',
      lines(verbose('HTTP/1.1 302 Found'), verbose('HTTP/1.1 404 Not Found', intact, error)),
    ],
    ['curl -iv', lines(verbose('HTTP/1.1 404 Not Found', intact), missing)],
    [
      'curl -iv on a terminal',
      lines(
        spoken('>', request),
        headed('HTTP/1.1 404 No').flatMap((one) => [`< ${one}`, one]),
        '< ',
        '',
        error,
      ),
    ],
    ['HTTPie', `${missing}\n\n`],
    ['HTTPie with the request', lines(request, '{"a": "1"}', '', '', missing)],
    [
      'HTTPie after a redirect',
      lines(request, '', headed('HTTP/1.1 302 Found'), '', 'moved', '', request, '', missing),
    ],
    ['HTTPie in colours', painted(lines(request, '', missing))],
    ['wget -qS --content-on-error', lines(wget('HTTP/1.1 404 Not Found').slice(2), error)],
    [
      'wget -S --content-on-error',
      lines(
        wget('HTTP/1.1 404 Not Found'),
        'Saving to: ‘STDOUT’',
        error,
        '     0K      9.62M=0s',
        '',
        '2026-12-01 03:52:11 ERROR 404: Not Found.',
        '',
      ),
    ],
    ['an editor that marks UTF-8', `\u{feff}${missing}`],
    ['PowerShell, which redirects in UTF-16', Buffer.from(`\u{feff}${dos(missing)}`, 'utf16le')],
    [
      'curl -i of two addresses, of which the first is answered by a text',
      `${dos(lines(headed('HTTP/1.1 201 Created'), '', '"id"'))}${dos(missing)}`,
    ],
    [
      'curl -i of two addresses, of which the first is down',
      `${dos(lines(headed('HTTP/1.1 503 Busy'), '', 'no healthy upstream'))}${dos(missing)}`,
    ],
    ['curl -i, between two prompts', `ops@jump:~$ curl -si https://vc.example/\n${dos(missing)}ops@jump:~$ \n`],
    [
      'curl -i with a coding',
      Buffer.concat([
        Buffer.from(dos(lines(headed('HTTP/1.1 404 No'), 'content-encoding: gzip', '', ''))),
        gzipSync(error),
      ]),
    ],
    ['curl -i with a coding that was undone', dos(missing).replace('\r\n', '\r\ncontent-encoding: br\r\n')],
    ['openstack --debug', lines(logged(300, '{"versions": []}'), logged(404, error), 'END return value: 1')],
    ['somebody who copied an empty line', `\n\n${missing}`],
  ])('%s', async (_, printed) => {
    const { stdout, stderr, status } = await ran(['explain', 'vsphere', '--reply', '-'], printed)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^vsphere NOT_FOUND$/m)
    expect(stdout).toMatch(/^ {2}status +404$/m)
    expect(stdout).not.toContain('HTTP_404')
    expect(status).toBe(0)
  })

  it('openstack --debug without the body, which it leaves out unless it is JSON', async () => {
    const { stdout } = await ran(
      ['explain', 'http', '--reply', '-'],
      lines(
        logged(
          503,
          'Omitted, Content-Type is set to text/html. Only application/json responses have their bodies logged.',
        ),
      ),
    )
    expect(stdout).toMatch(/^http HTTP_503$/m)
  })

  it('wget -S without the body, whose status is known all the same', async () => {
    const { stdout } = await ran(
      ['explain', 'http', '--reply', '-'],
      lines(wget('HTTP/1.1 503 Busy'), '2026-12-01 03:52:11 ERROR 503: Busy.'),
    )
    expect(stdout).toMatch(/^http HTTP_503$/m)
  })
})

it('a body that speaks of a status is no head', async () => {
  const page = '<html>\n<p>HTTP/1.1 404 Not Found</p>\nHTTP/1.1 404 Not Found, said the server.\n</html>'
  const { stdout } = await ran(
    ['explain', 'http', '--reply', '-'],
    `HTTP/1.1 502 Bad Gateway\r\nserver: p\r\n\r\n${page}`,
  )
  expect(stdout).toMatch(/^http HTTP_502$/m)
})

describe('nothing is said to be right that nobody has seen', () => {
  const unknown = 'its status is not known'
  it.each([
    ['vsphere', '', '- is empty'],
    ['xenapi', '', '- is empty'],
    ['openstack', ' \n', '- is empty'],
    ['vsphere', error, unknown],
    ['openstack', '{"itemNotFound":{"code":404,"message":"Instance x could not be found."}}', unknown],
    ['csbs', '{"error_code":"CSBS.9009","error_msg":"x"}', unknown],
    ['http', '<html><h1>502 Bad Gateway</h1></html>', unknown],
    ['http', Buffer.from([0, 255, 254, 10, 7]), unknown],
    ['http', lines(verbose('').slice(0, 2), '* Closing connection 0'), unknown],
    ['http', 'HTTP/1.1 200 Connection established\r\n\r\n', 'the answer of a proxy to CONNECT'],
  ])('of %s by %j', async (vendor, printed, complaint) => {
    const { stdout, stderr, status } = await ran(['explain', vendor, '--reply', '-'], printed)
    expect(stdout).toBe('')
    expect(stderr).toContain(complaint)
    expect(status).toBe(2)
  })

  it('while a body whose status is given is judged', async () => {
    expect((await ran(['explain', 'vsphere', '--reply', '-', '--status', '404'], error)).stdout).toMatch(
      /^vsphere NOT_FOUND$/m,
    )
  })

  it('and a status is not given twice', async () => {
    const { stderr, status } = await ran(['explain', 'http', '--reply', '-', '--status', '503'], missing)
    expect(stderr).toContain('--status is for a body alone')
    expect(status).toBe(2)
  })

  it('a redirect is told as one', async () => {
    const { stdout } = await ran(
      ['explain', 'vsphere', '--reply', '-'],
      'HTTP/1.1 302 Found\r\nlocation: https://vc.example/?s3cret\r\n\r\n',
    )
    expect(stdout).toContain('A redirect, and no error')
    expect(stdout).not.toContain('s3cret')
  })
})

describe('a reply of which nobody says what it answers', () => {
  const soap =
    '<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>Cannot complete login.</faultstring><detail><InvalidLoginFault xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="InvalidLogin"/></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>'

  it('is read as the API does that knows its words', async () => {
    const { stdout } = await ran(
      ['explain', 'vsphere', '--reply', '-'],
      `HTTP/1.1 500 Internal Server Error\r\ncontent-type: text/xml\r\n\r\n${soap}`,
    )
    expect(stdout).toMatch(/^vsphere InvalidLogin$/m)
    expect(stdout).toMatch(/^ {2}read +fails \(auth\)$/m)
  })

  it('is told as a failure where it is one of a change alone', async () => {
    const { stdout } = await ran(['explain', 'openstack', '--reply', '-'], 'HTTP/1.1 300 Multiple Choices\r\n\r\n{}')
    expect(stdout).toMatch(/^openstack multipleChoices$/m)
    expect(stdout).toMatch(/^ {2}read +the reply is returned \(fine\)$/m)
    expect(stdout).toMatch(/^ {2}change +fails \(fatal\)$/m)
  })
})
