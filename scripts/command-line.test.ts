import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
/** Those that have a command line of their own. */
const others = ['demo', 'holdfast', 'catalogue']
/** The commands that are one script of ours, which reads its arguments by itself. */
const commands = Object.entries(scripts).flatMap(([name, line]) => {
  const [node, ...args] = line.split(' ')
  return node === 'node' && !others.includes(name) ? [{ name, args }] : []
})

async function run(args: readonly string[]) {
  const env = { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/scripts') }
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  const [status] = await once(child, 'close')
  return { ...texts, status }
}

describe('a command of the project', () => {
  it.each(commands)('tells its usage, and does nothing: $name', async ({ name, args }) => {
    const { stdout, stderr, status } = await run([...args, '--help'])
    expect(stdout).toMatch(/^Usage: (?:pnpm|node) /)
    expect(stdout).toContain(name)
    expect([stderr, status]).toEqual(['', 0])
  })

  it.each(commands)('says in one line that it does not understand, and how it is used: $name', async ({ args }) => {
    const { stdout, stderr, status } = await run([...args, '--no-such-option'])
    expect(stderr).toMatch(/^Unknown option '--no-such-option'\.\nUsage: /)
    expect(stderr).not.toMatch(/\n {4}at /)
    expect([stdout, status]).toEqual(['', 2])
  })

  it.each([
    ['fuzz', '--seconds', 'none'],
    ['model', '--runs', '0'],
    ['soak', '--minutes', '-1'],
    ['faults', '--sample', 'many'],
  ])('takes no number such as that: %s %s=%s', async (command, option, value) => {
    const args = commands.find(({ name }) => name === command)?.args ?? []
    const { stderr, status } = await run([...args, `${option}=${value}`])
    expect(stderr).toMatch(new RegExp(`^${option} takes a number above 0, got ${value}\\.\\nUsage: `))
    expect(status).toBe(2)
  })
})
