import { execFile } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

type Files = Readonly<Record<string, string>>
interface Named {
  readonly name: string
}
interface Summary {
  readonly violations: readonly { readonly rule: Named; readonly from: string }[]
  readonly ruleSetUsed: { readonly forbidden: readonly Named[] }
}

const stage =
  "import type { Kind } from '../contract/kind.ts'\nimport type { VendorError } from '../error/vendor-error.ts'\nimport type {} from '../secrets/redact.ts'\n"
const vendorSource = "import type { Kind } from '@holdfast/core/plugin'\nexport type Row = Kind\n"

/** A workspace laid out like this one, in which every import is allowed. */
const allowed: Files = {
  'tsconfig.json': '{}',
  'node_modules/msw/index.js': '',
  'node_modules/opossum/index.js': '',
  'node_modules/p-retry/index.js': '',
  'node_modules/ky/index.js': '',
  'node_modules/p-map/index.js': '',
  'packages/core/src/contract/kind.ts': 'export type Kind = 1\n',
  'packages/core/src/plugin.ts':
    "export type { Kind } from './contract/kind.ts'\nexport type {} from './options/vendor-options.ts'\nexport type {} from './error/options-error.ts'\nexport type {} from './secrets/named-secrets.ts'\n",
  'packages/core/src/options/vendor-options.ts': `${stage}import type {} from './check.ts'\n`,
  'packages/core/src/options/check.ts': "import type {} from '../error/options-error.ts'\n",
  'packages/core/src/secrets/redact.ts': "import type {} from './named-secrets.ts'\n",
  'packages/core/src/secrets/named-secrets.ts': '',
  'packages/core/src/error/options-error.ts': 'export type OptionsError = 1\n',
  'packages/core/src/error/vendor-error.ts':
    "import type { Kind } from '../contract/kind.ts'\nimport type {} from '../secrets/redact.ts'\nexport type VendorError = Kind\n",
  'packages/core/src/admit/admit.ts': `${stage}import breaker from 'opossum'\n`,
  'packages/core/src/decide/decide.ts': stage,
  'packages/core/src/session/session-cache.ts': stage,
  'packages/core/src/endpoints/endpoint-set.ts': stage,
  'packages/core/src/http/http.ts': stage,
  'packages/core/src/classify/classify.ts': `${stage}import type {} from '../http/http.ts'\n`,
  'packages/core/src/state/shared-state.ts':
    "import type {} from '../admit/admit.ts'\nimport type {} from '../session/session-cache.ts'\n",
  'packages/core/src/call/call.ts':
    "import type {} from '../state/shared-state.ts'\nimport type {} from '../classify/classify.ts'\nimport type {} from '../endpoints/endpoint-set.ts'\n",
  'packages/core/src/act/act.ts': "import type {} from '../call/call.ts'\nimport type {} from '../decide/decide.ts'\n",
  'packages/core/src/loop/first-attempt.ts':
    "import type {} from '../admit/admit.ts'\nimport type {} from '../act/act.ts'\nimport retry from 'p-retry'\n",
  'packages/core/src/resilient.ts':
    "import type {} from './loop/first-attempt.ts'\nimport type {} from './given-request.ts'\n",
  'packages/core/src/given-request.ts': "import type {} from './call/call.ts'\n",
  'packages/core/src/ky.ts': "import type { Ky } from 'ky'\nimport type {} from './resilient.ts'\n",
  'packages/core/src/index.ts': "export {} from './resilient.ts'\n",
  'packages/core/src/work/start.ts':
    "import type {} from '../loop/first-attempt.ts'\nimport type {} from '../resilient.ts'\nimport map from 'p-map'\n",
  'packages/core/src/work/index.ts': "export {} from './start.ts'\n",
  'packages/core/test/core.test.ts': "import '../src/act/act.ts'\n",
  'packages/testing/src/index.ts': "import 'node:http'\nimport type {} from '@holdfast/core'\n",
  'packages/testing/src/simulator-kit.ts': '',
  'packages/vsphere/src/index.ts': vendorSource,
  'packages/vsphere/src/simulator/index.ts':
    "import 'node:crypto'\nimport '@holdfast/testing/simulator-kit'\nimport './machines.ts'\n",
  'packages/vsphere/src/simulator/machines.ts': '',
  'packages/vsphere/test/vsphere.test.ts':
    "import '@holdfast/testing'\nimport '../src/index.ts'\nimport '../src/simulator/index.ts'\n",
  'packages/undici/src/index.ts': `import 'node:zlib'\n${vendorSource}`,
  'packages/undici/test/undici.test.ts': "import '../src/index.ts'\n",
  'packages/openstack/src/simulator/index.ts': "import '@holdfast/testing/simulator-kit'\n",
  'packages/csbs/src/simulator/index.ts': "import '@holdfast/openstack/simulator'\n",
  'packages/openstack/src/index.ts': vendorSource,
  'packages/keystone/src/index.ts': `${vendorSource}import type {} from '@holdfast/openstack'\n`,
  'packages/csbs/src/index.ts': `${vendorSource}import type {} from '@holdfast/openstack'\n`,
  'packages/csbs/test/csbs.test.ts': "import '@holdfast/keystone'\nimport '../src/index.ts'\n",
  'packages/vbs/src/index.ts': vendorSource,
  'packages/cli/src/index.ts': "export type {} from './run.ts'\n",
  'packages/cli/src/bin.ts': "import './run.ts'\nimport 'node:process'\n",
  'packages/cli/src/run.ts':
    "import type {} from '@holdfast/core'\nimport '@holdfast/vsphere'\nimport '@holdfast/vbs'\n",
  'examples/demo.ts': "import '@holdfast/core'\nimport '@holdfast/vsphere'\n",
  'benchmarks/run.ts': "import '@holdfast/core'\n",
  'scripts/run.ts': "import '@holdfast/core'\n",
}

/** What must be refused: the rule, the file, and the line that breaks the rule there. Nearly all import types only. */
const refused: readonly (readonly [rule: string, file: string, line: string])[] = [
  ['contract-is-a-leaf', 'packages/core/src/contract/kind.ts', "import type {} from '../error/vendor-error.ts'"],
  ['contract-is-a-leaf', 'packages/core/src/contract/kind.ts', "import type {} from 'ky'"],
  ['plugin-is-the-contract', 'packages/core/src/plugin.ts', "export type {} from './error/vendor-error.ts'"],
  ['plugin-is-the-contract', 'packages/core/src/plugin.ts', "export type {} from './options/policy.ts'"],
  ['plugin-is-the-contract', 'packages/core/src/plugin.ts', "export type {} from './admit/admit.ts'"],
  ['secrets-is-a-leaf', 'packages/core/src/secrets/redact.ts', "import type {} from '../contract/kind.ts'"],
  ['error-below-the-stages', 'packages/core/src/error/vendor-error.ts', "import type {} from '../act/act.ts'"],
  ['stages-never-meet', 'packages/core/src/decide/decide.ts', "import type {} from '../admit/admit.ts'"],
  ['stages-never-meet', 'packages/core/src/decide/query.ts', "export type X = import('../admit/admit.ts').X"],
  ['stages-never-meet', 'packages/core/src/decide/dynamic.ts', "export const x = () => import('../admit/admit.ts')"],
  ['stages-never-meet', 'packages/core/src/decide/up.ts', "import type {} from '../loop/first-attempt.ts'"],
  ['stages-never-meet', 'packages/core/src/endpoints/endpoint-set.ts', "import type {} from '../call/call.ts'"],
  ['classify-on-http', 'packages/core/src/classify/classify.ts', "import type {} from '../decide/decide.ts'"],
  ['state-below-call', 'packages/core/src/state/shared-state.ts', "import type {} from '../call/call.ts'"],
  ['call-below-act', 'packages/core/src/call/call.ts', "import type {} from '../act/act.ts'"],
  ['act-below-loop', 'packages/core/src/act/act.ts', "import type {} from '../loop/first-attempt.ts'"],
  ['whole-call-in-act-and-loop', 'packages/core/src/call/events.ts', "import type {} from './call.ts'"],
  ['whole-call-in-act-and-loop', 'packages/core/src/resilient.ts', "import type {} from './call/call.ts'"],
  ['loop-below-the-entries', 'packages/core/src/loop/first-attempt.ts', "import type {} from '../resilient.ts'"],
  ['entries-on-top', 'packages/core/src/resilient.ts', "import type {} from './index.ts'"],
  ['entries-on-top', 'packages/core/src/work/start.ts', "import type {} from '../index.ts'"],
  ['work-behind-its-entry', 'packages/core/src/resilient.ts', "import type {} from './work/start.ts'"],
  ['work-behind-its-entry', 'packages/core/src/act/act.ts', "import type {} from '../work/start.ts'"],
  ['work-behind-its-entry', 'packages/core/src/plugin.ts', "export type {} from './work/start.ts'"],
  ['p-map-in-work', 'packages/core/src/resilient.ts', "import type {} from 'p-map'"],
  ['entries-on-top', 'packages/core/src/error/vendor-error.ts', "import type {} from '../plugin.ts'"],
  ['entries-on-top', 'packages/vsphere/src/parse.ts', "import type {} from './index.ts'"],
  ['opossum-behind-its-port', 'packages/core/src/resilient.ts', "import type {} from 'opossum'"],
  ['p-retry-in-the-loop', 'packages/core/src/resilient.ts', "import type {} from 'p-retry'"],
  ['ky-in-its-adapter', 'packages/core/src/resilient.ts', "import type {} from 'ky'"],
  ['core-knows-nobody', 'packages/core/src/resilient.ts', "import type {} from '@holdfast/vsphere'"],
  ['core-knows-nobody', 'packages/core/test/core.test.ts', "import type {} from '@holdfast/testing'"],
  ['vendor-on-plugin-only', 'packages/vsphere/src/index.ts', "import type {} from '@holdfast/core'"],
  ['vendor-on-plugin-only', 'packages/vsphere/src/conformance.ts', "import type {} from '@holdfast/testing'"],
  ['client-on-core', 'packages/vsphere/src/client.ts', "import type {} from '@holdfast/testing'"],
  ['client-beside-the-plugin', 'packages/csbs/src/index.ts', "import type {} from './client.ts'"],
  ['simulator-on-the-kit-only', 'packages/vsphere/src/simulator/machines.ts', "import type {} from '../index.ts'"],
  ['simulator-on-the-kit-only', 'packages/vsphere/src/simulator/machines.ts', "import type {} from '../parse.ts'"],
  ['simulator-on-the-kit-only', 'packages/vsphere/src/simulator/index.ts', "import type {} from '@holdfast/core'"],
  ['simulator-on-the-kit-only', 'packages/csbs/src/simulator/index.ts', "import type {} from '@holdfast/openstack'"],
  ['nothing-on-a-simulator', 'packages/vsphere/src/parse.ts', "import type {} from './simulator/machines.ts'"],
  ['nothing-on-a-simulator', 'packages/vsphere/src/testing.ts', "import type {} from './simulator/index.ts'"],
  ['nothing-on-a-simulator', 'packages/keystone/src/index.ts', "import type {} from '@holdfast/openstack/simulator'"],
  ['vendor-never-meets-vendor', 'packages/vsphere/src/simulator/index.ts', "import '@holdfast/openstack/simulator'"],
  ['openstack-vendor-on-plugin-and-openstack', 'packages/csbs/src/index.ts', "import type {} from '@holdfast/core'"],
  ['openstack-vendor-on-plugin-and-openstack', 'packages/vbs/src/index.ts', "import type {} from '@holdfast/keystone'"],
  ['vendor-on-plugin-only', 'packages/openstack/src/index.ts', "import type {} from '@holdfast/keystone'"],
  ['vendor-never-meets-vendor', 'packages/vsphere/test/vsphere.test.ts', "import type {} from '@holdfast/vbs'"],
  ['vendor-never-meets-vendor', 'packages/openstack/test/openstack.test.ts', "import type {} from '@holdfast/csbs'"],
  ['openstack-vendor-never-meets-vendor', 'packages/keystone/src/index.ts', "import type {} from '@holdfast/vsphere'"],
  ['openstack-vendor-never-meets-vendor', 'packages/vbs/src/index.ts', "import type {} from '@holdfast/csbs'"],
  ['nothing-on-the-command', 'packages/vsphere/src/index.ts', "import type {} from '@holdfast/cli'"],
  ['testing-on-core-only', 'packages/testing/src/index.ts', "import type {} from '@holdfast/vsphere'"],
  ['testing-on-core-only', 'packages/testing/test/conformance.test.ts', "import type {} from '@holdfast/vsphere'"],
  ['packages-meet-by-name', 'packages/testing/src/index.ts', "import type {} from '../../core/src/index.ts'"],
  ['packages-meet-by-name', 'examples/demo.ts', "import type {} from '../packages/core/src/act/act.ts'"],
  ['no-cycles', 'packages/core/src/admit/admit.ts', "import type {} from './ring.ts'"],
  ['no-unreachable-source', 'packages/vsphere/src/lost.ts', "import type {} from './index.ts'"],
  ['src-on-declared-dependencies', 'packages/core/src/act/act.ts', "import type {} from 'msw'"],
  ['src-on-declared-dependencies', 'packages/vsphere/src/index.ts', "import type {} from 'ky'"],
  ['runs-anywhere', 'packages/core/src/act/act.ts', "import type {} from 'node:fs'"],
  ['no-drawers', 'packages/core/src/act/act.ts', "import type {} from './utils.ts'"],
  ['everything-resolves', 'packages/core/src/act/act.ts', "import type {} from './nowhere.ts'"],
  ['everything-resolves', 'examples/demo.ts', "import type {} from '@holdfast/core/src/act/act.ts'"],
]
const companions: Files = {
  'packages/core/src/options/policy.ts': 'export const x = 1\n',
  'packages/csbs/src/client.ts': 'export const x = 1\n',
  'packages/core/src/admit/ring.ts': "import type {} from './admit.ts'\n",
  'packages/core/src/act/utils.ts': 'export const x = 1\n',
}

const names = ['core', 'testing', 'undici', 'vsphere', 'openstack', 'keystone', 'csbs', 'vbs', 'cli']

function manifestOf(name: string): string {
  const core = {
    '.': './src/index.ts',
    './plugin': './src/plugin.ts',
    './ky': './src/ky.ts',
    './work': './src/work/index.ts',
  }
  const testing = { '.': './src/index.ts', './simulator-kit': './src/simulator-kit.ts' }
  const vendor = { '.': './src/index.ts', './simulator': './src/simulator/index.ts' }
  return JSON.stringify({
    name: `@holdfast/${name}`,
    exports: { core, testing }[name] ?? vendor,
    dependencies: name === 'core' ? { opossum: '1.0.0', 'p-map': '1.0.0', 'p-retry': '1.0.0' } : {},
    peerDependencies: name === 'core' ? { ky: '1.0.0' } : {},
    devDependencies: { ky: '1.0.0', msw: '1.0.0' },
    ...(name === 'cli' && { bin: { holdfast: './src/bin.ts' } }),
  })
}

function layOut(root: string, files: Files): void {
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  for (const name of names) {
    write(`packages/${name}/package.json`, manifestOf(name))
    mkdirSync(join(root, 'node_modules/@holdfast'), { recursive: true })
    symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@holdfast', name), 'junction')
  }
}

/** Runs the real command with the real rules, in another workspace. */
function cruise(files: Files): Promise<Summary> {
  const root = mkdtempSync(join(workspaces, 'workspace-'))
  layOut(root, files)
  const bin = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const args = [bin, 'packages', 'examples', 'benchmarks', 'scripts', '--output-type', 'json']
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [...args, '--config', resolve('.dependency-cruiser.mjs')],
      { cwd: root },
      (_, stdout, stderr) => (stdout === '' ? fail(new Error(stderr)) : done(JSON.parse(stdout).summary)),
    )
  })
}

const workspaces = mkdtempSync(join(tmpdir(), 'layers-'))
afterAll(() => rmSync(workspaces, { recursive: true }))

describe('the directions of imports', () => {
  let summary: Summary
  beforeAll(async () => {
    const files: Record<string, string> = { ...allowed, ...companions }
    for (const [, file, line] of refused) files[file] = `${files[file] ?? ''}${line}\n`
    summary = await cruise(files)
  })

  it.each(refused)('%s: refused in %s: %s', (rule, file) => {
    const rules = summary.violations.filter(({ from }) => from === file).map(({ rule: { name } }) => name)
    expect(rules).toContain(rule)
  })

  it('let through what keeps to them', async () => {
    expect((await cruise(allowed)).violations).toEqual([])
  })

  it('are all proved here', () => {
    const proved = new Set(refused.map(([rule]) => rule))
    expect([...proved].sort()).toEqual(summary.ruleSetUsed.forbidden.map(({ name }) => name).sort())
  })
})

it('a folder of core can be read at a glance: it holds at most 14 files', () => {
  const files = globSync('packages/core/src/**/*.ts')
  const folders = Map.groupBy(files, (file) => dirname(file))
  expect([...folders].filter(([, { length }]) => length > 14).map(([folder]) => folder)).toEqual([])
})

it('a call can be followed: at most 25 files know the whole of it', () => {
  const files = globSync('packages/core/src/**/*.ts')
  const knowing = files.filter((file) => /\bcall\/call\.ts'/.test(readFileSync(file, 'utf8')))
  expect(knowing.length).toBeGreaterThan(0)
  expect(knowing.length).toBeLessThanOrEqual(25)
})
