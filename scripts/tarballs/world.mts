/**
 * Stands behind the addresses that the pages name, for the fence whose path is in FENCE: vendors' simulators, which know
 * the user and the password that the fence writes. It is copied into a project and loaded there before the fence.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csbsServer } from '@holdfast/csbs/simulator'
import { keystoneServer } from '@holdfast/keystone/simulator'
import { openstackServer } from '@holdfast/openstack/simulator'
import { vbsServer } from '@holdfast/vbs/simulator'
import { vcenter } from '@holdfast/vsphere/simulator'
import { xapi } from '@holdfast/xenapi/simulator'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'

const code = readFileSync(process.env.FENCE ?? '', 'utf8')
const written = (name: string) => new RegExp(`\\b${name}: '([^']*)'`).exec(code)?.[1]

const username = written('username') ?? 'nobody'
const password = written('password') ?? 'out of the environment'
for (const name of ['VC_PASSWORD', 'XEN_PASSWORD', 'OS_PASSWORD']) process.env[name] = password

const domain = written('userDomainName') ?? 'Default'
const id = written('projectId') ?? /const project = '(.*)'/.exec(code)?.[1] ?? 'p-1'
const identity = keystoneServer({
  url: 'https://iam.example',
  users: [{ name: username, password, domain }],
  projects: [{ name: written('projectName') ?? 'backups', id, domain }],
})
const cloud = { auth_url: 'https://iam.example/v3', username, password, user_domain_name: domain, project_id: id }
for (const [name, value] of Object.entries(cloud)) process.env[`OS_${name.toUpperCase()}`] ??= value
const folder = mkdtempSync(join(tmpdir(), 'holdfast-clouds-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
process.env.OS_CLIENT_CONFIG_FILE = join(folder, 'clouds.yaml')
const { auth_url, ...rest } = cloud
writeFileSync(join(folder, 'clouds.yaml'), JSON.stringify({ clouds: { otc: { auth: { auth_url, ...rest } } } }))

// The simulated identity service knows no application credentials and has an empty catalogue.
const endpoint = (type: string, at: 'public' | 'internal', url: string) => ({
  type,
  endpoints: [{ interface: at, url, region: 'eu-de', region_id: 'eu-de' }],
})
const catalog = [
  endpoint('network', 'internal', 'https://network.example'),
  endpoint('volumev3', 'public', 'https://volumes.example/v3/p-1'),
]
const isForApplication = code.includes('applicationCredentialId')
if (isForApplication) process.env.OS_APPLICATION_CREDENTIAL_SECRET = password
const application = [
  http.post('https://iam.example/v3/auth/tokens', () =>
    HttpResponse.json(
      { token: { expires_at: '2099-01-01T00:00:00Z', catalog } },
      { status: 201, headers: { 'x-subject-token': 'gAAAAAB-token' } },
    ),
  ),
  http.delete('https://iam.example/v3/auth/tokens', () => new HttpResponse(null, { status: 204 })),
]

const vms = { 'vm-1': 'POWERED_ON', 'vm-7': 'POWERED_ON' } as const
const hosts = [1, 2, 3].map((index) => ({ name: `xen-${index}.example`, address: `10.0.0.${index}` }))
const [master = { name: 'xen-1.example', address: '10.0.0.1' }, ...others] = hosts

// Nobody waits ten minutes for a page to be shown right.
const durations = { waiting: 100, backup: 1_000, restore: 1_000, delete: 500 }

setupServer(
  ...vcenter({ username, password, origin: 'https://vc.example', vms }).handlers,
  http.get('https://xen-1.example/export', ({ request }) =>
    new URL(request.url).searchParams.get('session_id')?.startsWith('OpaqueRef:')
      ? HttpResponse.arrayBuffer(new ArrayBuffer(8))
      : new HttpResponse(null, { status: 401 }),
  ),
  ...xapi({ username, password, hosts: [master, ...others], vms: { '…': 'Halted' } }).handlers,
  ...(isForApplication ? application : []),
  http.get('https://iam.example/v3/auth/catalog', () => HttpResponse.json({ catalog })),
  http.get('https://volumes.example/*', () => HttpResponse.json({ volumes: [] })),
  ...identity.handlers,
  ...csbsServer({ keystone: identity, url: 'https://csbs.example', servers: ['9506…'], durations }).handlers,
  ...openstackServer({ kind: 'volume', keystone: identity, url: 'https://volume.example', workTime: 500 }).handlers,
  ...vbsServer({ keystone: identity, url: 'https://vbs.example', volumes: { 'c68a…': {} }, durations }).handlers,
  http.get('https://api.github.com/*', () => HttpResponse.json([])),
  http.get('https://api.example/*', () => HttpResponse.json([])),
  http.post('https://api.example/*', () => HttpResponse.json({})),
  http.get('https://example.com/*', () => HttpResponse.json([])),
  http.post('https://example.com/*', () => HttpResponse.json({})),
).listen({ onUnhandledFrame: 'bypass' })
