import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const files = globSync('**/*.test.ts', { cwd: import.meta.dirname })
const holds = (rule: RegExp) => (file: string) => rule.test(readFileSync(join(import.meta.dirname, file), 'utf8'))
const mocked = files.filter(holds(/\buseServer\(/))
const real = files.filter(holds(/from '(node:(http|https|http2|net|tls)|\.\/helpers\/sockets\.ts)'/))

describe('a connection that is warm already goes past the mock to the real server', () => {
  it('so every mock listens before any call, and lets nothing through', () => {
    const listens = holds(/^ *beforeAll\(\(\) => server\.listen\(\{ onUnhandledFrame: 'error' \}\)\)$/m)
    expect(mocked).not.toEqual([])
    expect(listens('helpers/use-server.ts')).toBe(true)
    expect(files.filter(holds(/\bsetupServer\(/))).toEqual([])
  })

  it('so tests on real sockets stand in files of their own', () => {
    expect(real).not.toEqual([])
    expect(mocked.filter((file) => real.includes(file))).toEqual([])
  })
})
