import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publicPackages, root } from './packages.ts'
import { emptyFolder, install, run } from './project.ts'

/** A piece of code in a page. */
export interface Fence {
  /** Path of the page, and the line at which the code begins: `README.md:13`. */
  readonly place: string
  readonly language: string
  readonly code: string
}

/** Every fence of every README and of every page in `docs`. */
export const fencesOfPages = (): readonly Fence[] =>
  ['README.md', ...globSync(['docs/*.md', 'packages/*/README.md'], { cwd: root }).sort()].flatMap((page) =>
    fencesOf(page, readFileSync(join(root, page), 'utf8')),
  )

/** The fences of a page. */
export const fencesOf = (page: string, text: string): readonly Fence[] =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```/gms)].map(({ index, 1: language = '', 2: code = '' }) => ({
    place: `${page}:${text.slice(0, index).split('\n').length + 1}`,
    language,
    code,
  }))

/** Writes the TypeScript fences into a project; their paths in it, in the order of the fences. */
export const writeFences = (folder: string, fences: readonly Fence[]): readonly string[] =>
  fences.map(({ place, code }) => {
    const file = `${place.replaceAll(/\W+/g, '-')}${code.includes("'vitest'") ? '.test' : ''}.mts`
    writeFileSync(join(folder, file), `${code}\nexport {}\n`)
    return file
  })

/** Runs a TypeScript fence against simulated servers at the addresses it names; a complaint, if there is one. */
export async function runFence(folder: string, file: string, { place }: Fence): Promise<string | undefined> {
  const world = ['--import', './world.mts']
  const args = file.endsWith('.test.mts') ? ['node_modules/vitest/vitest.mjs', 'run', file] : [...world, file]
  const env = { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning', FENCE: join(folder, file) }
  const { failed, text } = await run(process.execPath, args, { cwd: folder, env, timeout: 120_000 })
  return failed ? `${place} fails when it is run:\n${text.trim()}` : undefined
}

/**
 * Runs a shell fence: what installs, with our packages out of `tarballs`, into an empty project, and our commands. Of what runs in the
 * repository itself the script must exist; CI runs it.
 */
export async function runShellFence({ place, code }: Fence, tarballs: readonly string[]): Promise<readonly string[]> {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const complaints: string[] = []
  for (const line of code.split('\n').map((text) => text.replace(/ +#.*/, '').trim())) {
    const [, command = ''] = /^(?:npx -y -p node@\d+ -p pnpm@\d+ )?pnpm (?:-s )?([\w:-]+)/.exec(line) ?? []
    const [, asked, args = ''] = /^npx (@holdfast\/[\w-]+) (.*)$/.exec(line) ?? []
    const [, packages] = /^npm (?:i|install) (?:-D )?(.*)$/.exec(line) ?? []
    if (line === '') continue
    if (asked !== undefined) {
      const complaint = await asking(asked, args.split(' '), tarballs)
      if (complaint !== undefined) complaints.push(`${place}: ${line}\n${complaint}`)
    } else if (packages !== undefined) {
      const complaint = await installing(packages.split(' '), tarballs)
      if (complaint !== undefined) complaints.push(`${place}: ${line}\n${complaint}`)
    } else if (!(command in scripts)) complaints.push(`${place}: ${line} is no command of this repository.`)
  }
  return complaints
}

/** Runs a command of a package of ours as npx does. */
async function asking(name: string, args: readonly string[], tarballs: readonly string[]): Promise<string | undefined> {
  const folder = emptyFolder('npx')
  const complaint = await installing([name], tarballs, folder)
  if (complaint !== undefined) return complaint
  const { failed, text } = await run(join(folder, 'node_modules/.bin/holdfast'), args, { cwd: folder })
  return failed ? text : undefined
}

/** Installs the packages that a page names. Ours, with those that they depend on, come from the tarballs. */
async function installing(
  names: readonly string[],
  tarballs: readonly string[],
  folder = emptyFolder('readme'),
): Promise<string | undefined> {
  const packed = new Map(
    publicPackages().map(({ name }) => [
      name,
      `file:${tarballs.find((path) => path.includes(`/${name.slice(1).replace('/', '-')}-`))}`,
    ]),
  )
  const overrides = Object.fromEntries([...packed].filter(([name]) => !names.includes(name)))
  try {
    await install(
      folder,
      names.map((name) => packed.get(name) ?? name),
      { overrides },
    )
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
