import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { serve } from '@holdfast/testing'
import { type VCenter, vcenter } from '@holdfast/vsphere/simulator'
import { xapi } from '@holdfast/xenapi/simulator'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readOptions } from '../demo/options.ts'
import { play } from '../demo/play.ts'
import { type Ran, run, start } from './run.ts'

const demo = 'demo/main.ts'

/** Plays the demo here: a process of its own takes longer to load it than to play most of it. */
async function playHere(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Omit<Ran, 'err'>> {
  const stream = new PassThrough()
  const out = text(stream)
  const selected = readOptions(args, env)
  const exitCode =
    'exitCode' in selected ? selected.exitCode : await play(selected, stream, new AbortController().signal)
  stream.end()
  return { exitCode, out: await out }
}

/** The number of attempts depends on chance; both sides must count the same. */
const withoutAttempts = (row = '') => row.replace(/^(\d+ \d+ \d+ \d+) (\d+) \2 /, '$1 = ')

const widthOf = (out: string) => Math.max(...out.split('\n').map((line) => line.length))

/** The rows of the table at the end, by scenario, without the time waited. */
function tableIn({ out }: Pick<Ran, 'out'>): Record<string, string> {
  const table = out.slice(out.indexOf('What the client says'))
  const rows = [...table.matchAll(/^([a-z-]+) +(\d.*?) +\d+\.\d\d s$/gm)]
  return Object.fromEntries(rows.map(([, scenario = '', counts = '']) => [scenario, counts.replace(/ +/g, ' ')]))
}

/** Each of these plays the demo once, for all tests that read what it has written. */
const vcenters = once(['--scenario', 'login', 'fail-fast', 'busy', '--scenario', 'expired', 'timeout'])
const pools = once(['--vendor', 'xenapi'])
const clouds = once(['--vendor', 'csbs', 'vbs'])

function once(args: readonly string[]): () => ReturnType<typeof playHere> {
  let running: ReturnType<typeof playHere> | undefined
  return () => {
    running ??= playHere(args)
    return running
  }
}

describe('pnpm demo', () => {
  it('keeps its promises, and shows the counts of client and server', async () => {
    const ran = await vcenters()
    expect(tableIn(ran)).toEqual({
      login: '20 20 0 0 22 22 1 1 0 0',
      'fail-fast': '2 0 2 0 4 4 1 1 0 0',
      busy: '1 1 0 0 5 5 1 1 1 1',
      expired: '21 21 0 0 44 44 2 2 0 0',
      timeout: '3 2 1 0 6 6 1 1 0+1? 1',
      total: '47 44 3 0 81 81 6 6 1+1? 2',
    })
    expect(ran.out).toMatch(/^All \d+ promises kept \(5 scenarios, /m)
    expect(ran.out).not.toContain('✘')
    expect(ran.exitCode).toBe(0)
  })

  it('keeps its promises at a pool', async () => {
    const ran = await pools()
    const { 'pending-tasks': tasks, restart, total, ...table } = tableIn(ran)
    expect(table).toEqual({
      'pool-member': '40 40 0 0 43 43 1 1 0 0',
      'power-state': '1 0 1 0 4 4 1 1 0 0',
      'rate-limit': '2 2 0 0 6 6 1 1 2 2',
    })
    expect([tasks, restart, total].map(withoutAttempts)).toEqual([
      '69 69 0 0 = 1 1 68 68',
      '201 200 1 0 = 2 2 0+1? 1',
      '313 311 2 0 = 6 6 70+1? 71',
    ])
    expect(ran.out).toMatch(/^All \d+ promises kept \(5 scenarios, /m)
    expect(ran.exitCode).toBe(0)
  })

  it('keeps its promises at a cloud', async () => {
    const ran = await clouds()
    const { 'policy-runs': policy, 'backup-job': job, total, ...table } = tableIn(ran)
    expect(table).toEqual({
      'stale-token': '42 42 0 0 86 86 3 3 0 0',
      quota: '5 3 2 0 7 7 1 1 3 3',
      'lost-reply': '2 1 1 0 4 4 1 1 0+1? 1',
      throttled: '9 9 0 0 12 12 1 1 1 1',
    })
    expect([policy, job, total].map(withoutAttempts)).toEqual([
      '3 2 1 0 = 1 1 2 2',
      '6 5 1 0 = 1 1 3 3',
      '67 62 5 0 = 8 8 9+1? 10',
    ])
    expect(ran.out).toMatch(/^All \d+ promises kept \(6 scenarios, /m)
    expect(ran.out).not.toContain('✘')
    expect(ran.exitCode).toBe(0)
  })

  it('says of a cloud what waits, what is asked, and what has failed with 200', async () => {
    const { out } = await clouds()
    expect(out).toMatch(/reads error\.params: running policy\s+[\da-f-]{36}\n/)
    expect(out).toContain('caller gets VendorError CSBS.2004 (conflict)')
    expect(out).toContain('GET /v2/demo/backups/detail?volume_id=volume-1&name=nightly')
    expect(out).toContain('attempt 1: VolumeBackup.0064 (HTTP 200), retryable, outcome unknown')
  })

  it('shows how long work comes on', async () => {
    const { out, exitCode } = await playHere(['--scenario', 'clones'])
    const lines = [...out.matchAll(/^ *[\d.]+ s +clone (web-\d) \[[= ]{20}\] (\d+) % (\w+)$/gm)].map((line) =>
      line.slice(1),
    )
    for (const name of ['web-1', 'web-2', 'web-3']) {
      const own = lines.filter(([each]) => each === name)
      expect(own.length).toBeGreaterThan(1)
      expect(own.at(0)?.at(-1)).toBe('pending')
      expect(own.at(-1)).toEqual([name, '100', 'succeeded'])
    }
    expect(exitCode).toBe(0)
  })

  it('says of a pool which host has answered, and what', async () => {
    const { out } = await pools()
    expect(out).toMatch(/login at (.+): HOST_IS_SLAVE \(HTTP 200\) → ask 127\.0\.0\.1\s+instead/)
    expect(out).toContain('20 × 200 OK from 127.0.0.1')
    expect(out).toContain('attempt 1: VM_BAD_POWER_STATE (HTTP 200) from 127.0.0.1, conflict')
    expect(out).not.toContain('vCenter')
  })

  it('says of each step what was answered, what it means and what is done', async () => {
    const { out } = await vcenters()
    expect(out).toContain('POST /api/vcenter/vm/vm-1/power?action=start')
    expect(out).toMatch(/attempt 1: 500 RESOURCE_BUSY, retryable, nothing was done\n +→ wait [\d.]+ s \(back-off\)/)
    expect(out).toContain('attempt 3: 204 No Content')
  })

  it.each([
    ['vCenters', vcenters],
    ['pools', pools],
    ['clouds', clouds],
  ])('is plain in a pipe and fits into 80 columns: %s', async (_, ran) => {
    const { out } = await ran()
    expect(out).not.toContain('\u001b')
    expect(widthOf(out)).toBeLessThanOrEqual(80)
  })

  it('has colours where they are asked for', async () => {
    const { out, exitCode } = await run(demo, ['--scenario', 'fail-fast'], { FORCE_COLOR: '1' })
    expect(out).toContain('\u001b[32m')
    expect(exitCode).toBe(0)
  })
})

describe('its command line', () => {
  const login = { VSPHERE_USERNAME: 'u', VSPHERE_PASSWORD: 'p' }

  it('explains itself', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    expect(readOptions(['--help'], {})).toEqual({ exitCode: 0 })
    const out = String(write.mock.calls)
    for (const word of [
      '--scenario',
      '--url',
      'VSPHERE_PASSWORD',
      'XENAPI_PASSWORD',
      'NODE_EXTRA_CA_CERTS',
      'outage',
      'pool-member',
      'stale-token',
      'lost-reply',
    ]) {
      expect(out).toContain(word)
    }
  })

  it.each([
    ['an unknown flag', ['--scenaro', 'busy'], {}, "unknown option '--scenaro'"],
    ['an unknown scenario', ['--scenario', 'bussy'], {}, 'Allowed choices are login'],
    [
      'a scenario of another vendor',
      ['--vendor', 'xenapi', '--scenario', 'busy'],
      {},
      'no scenario of xenapi is called busy',
    ],
    ['an unknown vendor', ['--vendor', 'xen'], {}, 'Allowed choices are vsphere, xenapi, csbs, vbs'],
    ['a vendor without a real endpoint', ['--vendor', 'vbs', '--url', 'https://x.example'], {}, 'takes one --vendor'],
    ['a stray word', ['busy'], {}, 'too many arguments'],
    ['a URL that is none', ['--url', 'vcenter'], login, 'must be an absolute http or https URL'],
    ['a URL with a path', ['--url', 'https://vc.example/ui'], login, 'must be an origin'],
    ['a URL without credentials', ['--url', 'https://vc.example'], {}, 'set VSPHERE_USERNAME and VSPHERE_PASSWORD'],
    ['half of the credentials', ['--url', 'https://vc.example'], { VSPHERE_USERNAME: 'u' }, 'set VSPHERE_PASSWORD'],
    [
      'another vendor’s credentials',
      ['--vendor', 'xenapi', '--url', 'https://xen.example'],
      login,
      'set XENAPI_USERNAME',
    ],
    [
      'a changing scenario at a real URL',
      ['--url', 'https://vc.example', '--scenario', 'busy'],
      login,
      "scenario 'busy'",
    ],
  ])('refuses %s', (_name, args, env, message) => {
    const out = vi.spyOn(process.stdout, 'write')
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    expect(readOptions(args, env)).toEqual({ exitCode: 2 })
    expect(String(err.mock.calls)).toContain(message)
    expect(out).not.toHaveBeenCalled()
  })

  it('ends with what it refuses', async () => {
    const { exitCode, out, err } = await run(demo, ['--scenaro', 'busy'])
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
    expect(err).toContain("unknown option '--scenaro'")
  })
})

describe('at a real endpoint', () => {
  const login = { username: 'reader@vsphere.local', password: 'hush-hush' }
  let vc: VCenter
  let server: Awaited<ReturnType<typeof serve>>

  beforeEach(async () => {
    vc = vcenter(login)
    server = await serve(vc.handlers)
  })
  afterEach(() => server.close())

  const there = (password = login.password) =>
    [['--url', server.url], { VSPHERE_USERNAME: login.username, VSPHERE_PASSWORD: password }] as const

  it('only reads, and logs out', async () => {
    const ran = await playHere(...there())
    expect(ran.exitCode).toBe(0)
    expect(tableIn(ran)).toMatchObject({ login: '20 20 0 0 22 - 1 - 0 -', 'fail-fast': '1 0 1 0 3 - 1 - 0 -' })
    const changing = vc.calls.filter(({ method, path }) => method !== 'GET' && path !== '/api/session')
    expect([changing, vc.executed, vc.sessions]).toEqual([[], [], 0])
  })

  it('tries a wrong password once, and shows it to nobody', async () => {
    const err = vi.spyOn(process.stderr, 'write')
    const { exitCode, out } = await playHere(...there('mistyped'))
    expect(exitCode).toBe(1)
    expect(vc.refusedLogins).toBe(1)
    expect(out).toContain('login failed (UNAUTHENTICATED)')
    expect(out + String(err.mock.calls)).not.toContain('mistyped')
  })

  it('logs out on Ctrl-C', async () => {
    vc.faults.slow(10_000, { where: ({ method }) => method === 'GET' })
    const { child, ended } = start(demo, ...there())
    await vi.waitFor(() => expect(vc.calls.some(({ method }) => method === 'GET')).toBe(true), { timeout: 250_000 })
    child.kill('SIGINT')
    const { exitCode, out } = await ended
    expect(exitCode).toBe(130)
    expect(out).toContain('Interrupted.')
    expect([vc.logins, vc.sessions]).toEqual([1, 0])
  })
})

it('ends on Ctrl-C in the middle of a scenario', async () => {
  const { child, ended } = start(demo, ['--scenario', 'restart'])
  // Once: the words come twice, and in two pieces where the machine is busy.
  const interrupt = (text: string) => {
    if (!text.includes('its toolstack')) return
    child.stdout?.off('data', interrupt)
    child.kill('SIGINT')
  }
  child.stdout?.on('data', interrupt)
  const { exitCode, out, err } = await ended
  expect({ exitCode, err }).toEqual({ exitCode: 130, err: '' })
  expect(out.trimEnd()).toMatch(/Interrupted\. Logged out, nothing is left running\.$/)
})

it('reads a real pool, too, and logs out', async () => {
  const pool = xapi({ username: 'reader', password: 'hush-hush' })
  await using server = await serve(pool.handlers)
  const login = { XENAPI_USERNAME: 'reader', XENAPI_PASSWORD: 'hush-hush' }
  const ran = await playHere(['--vendor', 'xenapi', '--url', server.url], login)
  expect(ran.exitCode).toBe(0)
  expect(tableIn(ran)).toEqual({ 'pool-member': '40 40 0 0 42 - 1 - 0 -' })
  const acting = pool.executed.filter(({ action }) => !action.startsWith('session.'))
  expect([pool.logins, pool.sessions, acting]).toEqual([1, 0, []])
})
