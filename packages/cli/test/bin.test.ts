import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const bin = resolve(import.meta.dirname, '../src/bin.ts')
const run = (command: string, args: readonly string[]) => {
  const { stdout, stderr, status } = spawnSync(command, args, {
    encoding: 'utf8',
    input: 'HTTP/1.1 429 Slow down\r\n\r\n',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  })
  return { stdout, stderr, status }
}

it('the command reads its input and tells by its exit code what it found', () => {
  const read = run(process.execPath, [bin, 'explain', 'http', '--reply', '-'])
  expect(read).toMatchObject({ stderr: '', status: 0, stdout: expect.stringMatching(/^http HTTP_429$/m) })
  expect(run(process.execPath, [bin, 'explain', 'http', 'HTTP_42'])).toMatchObject({ stdout: '', status: 1 })
})

it('a reader that leaves early is no failure', () => {
  const script = 'set -o pipefail; "$0" "$1" catalogue | head -c 1'
  expect(run('bash', ['-c', script, process.execPath, bin])).toEqual({ stdout: '[', stderr: '', status: 0 })
})
