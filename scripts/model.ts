// Plays stories of sessions, logins and closing against the model, as many as are asked for.
//
// `pnpm model [--runs N] [--seed N]`: the seed of a story that failed plays it again.
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { commandLine } from './command-line.ts'

const { values, number } = commandLine('Usage: pnpm model [--runs N] [--seed N]', {
  options: {
    runs: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})
const root = resolve(import.meta.dirname, '..')
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'packages/core/test/session-model.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MODEL_RUNS: String(number('runs')), MODEL_SEED: values.seed },
  },
)
process.exitCode = status ?? 1
