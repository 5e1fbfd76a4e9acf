import { strictEqual } from 'node:assert'

// The undici of npm, once imported, puts its own dispatcher under the built-in `fetch`: raw would not be raw.
const dispatcher = () => Reflect.get(globalThis, Symbol.for('undici.globalDispatcher.1'))
// Naming the class loads the built-in undici with its dispatcher, before anything else is imported.
const builtIn = globalThis.Request && dispatcher()

const { suites } = await import('./suites/index.ts')
const [name, rounds] = process.argv.slice(2)
const suite = suites.find((one) => one.name === name)
if (suite === undefined) throw new Error(`There is no suite ${name}.`)

const readings = await suite.run(Number(rounds))
strictEqual(dispatcher(), builtIn, 'The dispatcher of the built-in fetch was replaced: its rows are not raw fetch.')
process.send?.(readings)
process.disconnect()
