import { csbsServer } from '@holdfast/csbs/simulator'
import { keystoneServer } from '@holdfast/keystone/simulator'
import { serve } from '@holdfast/testing'
import { vbsServer } from '@holdfast/vbs/simulator'
import { vcenter } from '@holdfast/vsphere/simulator'
import { xapi } from '@holdfast/xenapi/simulator'
import { describe, expect, it, vi } from 'vitest'
import { neutral, run } from './run.ts'

/** Runs an example here, once: as a process of its own each is shown above, and takes longer to load than to run. */
async function runHere(file: string, env: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, value] of Object.entries({ ...neutral, ...env })) vi.stubEnv(name, value)
  const log = vi.spyOn(console, 'log').mockReturnValue(undefined)
  // The ending is written out, for Vite wants to see it.
  await import(`../${file.replace(/\.ts$/, '')}.ts`)
  return log.mock.calls.map((words) => words.join(' ')).join('\n')
}

describe('an example', () => {
  it.each([
    ['vsphere-quickstart.ts', ['vm-1  POWERED_ON   machine-1', 'NOT_FOUND (fatal): Check the identifier']],
    ['ky-quickstart.ts', ['POWERED_ON  machine-1']],
    ['xenapi-quickstart.ts', ['Running    vm-1', 'HANDLE_INVALID (fatal): Look the object up again']],
    ['openstack-quickstart.ts', ['backups of disks    0', 'CSBS.3000 (fatal): ']],
    ['openstack-services.ts', ['backups  0', 'GET /v2/{project}/backups/{backup}: itemNotFound (fatal): ']],
    ['plain-http.ts', ['{ pages: 3 }', '502 not-repeatable { mayBeDone: true }', 'HTTP_410']],
    ['own-tests.ts', ['pass 4', 'fail 0']],
  ])('runs: %s', async (file, lines) => {
    const { exitCode, out, err } = await run(file)
    expect({ exitCode, err: withoutWarnings(err) }).toEqual({ exitCode: 0, err: '' })
    for (const line of lines) expect(out).toContain(line)
  })

  it.each(['vsphere-quickstart.ts', 'ky-quickstart.ts'])(
    'reads a vCenter of one’s own and logs out: %s',
    async (file) => {
      const [VSPHERE_USERNAME, VSPHERE_PASSWORD] = ['reader@vsphere.local', 'of one’s own']
      const vc = vcenter({ username: VSPHERE_USERNAME, password: VSPHERE_PASSWORD, vms: { 'vm-77': 'POWERED_ON' } })
      const server = await serve(vc.handlers)
      const out = await runHere(file, { VSPHERE_URL: server.url, VSPHERE_USERNAME, VSPHERE_PASSWORD })
      await server.close()
      expect(out).toContain('POWERED_ON')
      expect([vc.logins, vc.sessions, vc.executed]).toEqual([1, 0, []])
    },
  )

  it('reads a pool of one’s own and logs out: xenapi-quickstart.ts', async () => {
    const [XENAPI_USERNAME, XENAPI_PASSWORD] = ['reader', 'of one’s own']
    const pool = xapi({ username: XENAPI_USERNAME, password: XENAPI_PASSWORD, vms: { 'vm-77': 'Halted' } })
    const server = await serve(pool.handlers)
    const out = await runHere('xenapi-quickstart.ts', {
      XENAPI_URL: server.url,
      XENAPI_USERNAME,
      XENAPI_PASSWORD,
    })
    await server.close()
    expect(out).toContain('Halted     vm-77')
    const acting = pool.executed.filter(({ action }) => !action.startsWith('session.'))
    expect([pool.logins, pool.sessions, acting]).toEqual([1, 0, []])
  })

  it('reads a cloud of one’s own, with one token, and revokes it: openstack-quickstart.ts', async () => {
    const [name, password] = ['reader', 'of one’s own']
    const keystone = keystoneServer({ users: [{ name, password }], projects: [{ name: 'p', id: 'p-77' }] })
    const [servers, disks] = [csbsServer({ keystone }), vbsServer({ keystone })]
    const server = await serve([...keystone.handlers, ...servers.handlers, ...disks.handlers])
    const out = await runHere('openstack-quickstart.ts', {
      OS_AUTH_URL: server.url,
      OS_USERNAME: name,
      OS_PASSWORD: password,
      OS_USER_DOMAIN_NAME: 'Default',
      OS_PROJECT_ID: 'p-77',
      CSBS_URL: server.url,
      VBS_URL: server.url,
    })
    await server.close()
    expect(out).toContain('backups of servers  0')
    expect([servers.calls.length, disks.calls.length]).toEqual([2, 1])
    expect([keystone.logins, keystone.tokens, servers.executed, disks.executed]).toEqual([1, 0, [], []])
  })
})

/** Older versions of Node warn that they strip types. */
const withoutWarnings = (err: string) => err.replace(/^\(.*$\n?/gm, '')
