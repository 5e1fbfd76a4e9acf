import { budgeted, parts } from './parts/index.ts'

const [name, rounds] = process.argv.slice(2)
const part = [...parts, ...budgeted].find((one) => one.name === name)
if (part === undefined) throw new Error(`There is no part ${name}.`)
const figures = await part.measure(Number(rounds))
process.send?.(figures)
process.disconnect()
