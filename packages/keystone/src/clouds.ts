import { isObject, type JsonObject, textOf } from '@holdfast/core/plugin'
import { type Document, isAlias, isMap, isScalar, parseDocument, visit } from 'yaml'
import type { KeystoneOptions } from './options.ts'
import { optionsFrom } from './settings.ts'

/** A file's text, and what messages call it. */
export interface NamedText {
  readonly file: string
  readonly text: string
}

/** The entry that is looked for in the files. */
export interface CloudWanted {
  /** Absent where the only cloud that there is will do. */
  readonly name?: string | undefined
  /** Absent for the cloud's own, or the first of its regions. */
  readonly region?: string | undefined
}

/**
 * Reads one cloud of a `clouds.yaml`. Values are taken as they stand there: variables are not expanded, and profiles of
 * known providers not looked up.
 *
 * @param secure text of a `secure.yaml`, whose values go before those of `text`.
 * @throws {TypeError} naming the file and the key at fault.
 */
export const fromClouds = (text: string, name: string, secure?: string): KeystoneOptions =>
  cloudIn(
    { file: 'clouds.yaml', text },
    { name },
    secure === undefined ? undefined : { file: 'secure.yaml', text: secure },
  )

/** {@link fromClouds} for files with names of their own. */
export function cloudIn(clouds: NamedText, wanted: CloudWanted, secure?: NamedText): KeystoneOptions {
  const all = merged(cloudsOf(clouds), secure === undefined ? {} : cloudsOf(secure))
  const name = wanted.name ?? onlyOf(Object.keys(all), clouds.file)
  const where = `${clouds.file}: cloud \`${name}\``
  const cloud = Object.hasOwn(all, name) ? all[name] : undefined
  if (cloud === undefined) throw mistake(`${clouds.file}: there is no \`clouds.${name}\`; ${listed(Object.keys(all))}.`)
  if (!isObject(cloud)) throw mistake(`${where} is no mapping.`)
  const settled = inRegion(cloud, wanted.region, where)
  checkType(settled, where)
  const auth = settled.auth ?? {}
  if (!isObject(auth)) throw mistake(`${where}: \`auth\` is no mapping.`)
  return optionsFrom(
    (key) => textAt(auth, key, `${where}: \`auth.${key}\``) ?? textAt(settled, key, `${where}: \`${key}\``),
    (...keys) => {
      const names = keys.map((key) => `\`auth.${key}\``).join(' or ')
      const also = secure === undefined ? '' : `, nor has ${secure.file}`
      const profile = settled.profile == null ? '' : '; profiles are not looked up, so write it out'
      return mistake(`${where} has no ${names}${also}${profile}.`)
    },
  )
}

const mistake = (what: string) => new TypeError(`keystone: ${what}`)
const listed = (names: readonly string[]) => (names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`)

function onlyOf(names: readonly string[], file: string): string {
  const [only, ...others] = names
  if (only === undefined || others.length > 0) throw mistake(`${file}: say which cloud is meant; ${listed(names)}.`)
  return only
}

function cloudsOf({ file, text }: NamedText): JsonObject {
  // Everything is text: a password of digits, a project that begins with a nought, a name like `no`.
  const document: Document = parseDocument(text, {
    schema: 'failsafe',
    merge: true,
    prettyErrors: true,
    // A warning would quote what it warns of.
    logLevel: 'error',
  })
  const [error] = document.errors
  if (error !== undefined) {
    // Its own message would quote the lines around, and a password may stand there.
    const line = error.linePos?.[0].line
    throw mistake(`${file} is no YAML: ${error.code}${line === undefined ? '' : ` in line ${line}`}.`)
  }
  if (document.contents !== null && !isMap(document.contents)) throw mistake(`${file} is no mapping.`)
  let read: unknown
  let keyed: boolean
  try {
    keyed = prepare(document)
    read = keyed ? document.toJS() : undefined
  } catch {
    throw mistake(`${file} cannot be read: an alias leads nowhere, or to too much.`)
  }
  if (!keyed) throw mistake(`${file} has a key that is no text.`)
  const clouds = isObject(read) ? (read.clouds ?? {}) : {}
  if (!isObject(clouds)) throw mistake(`${file}: \`clouds\` is no mapping.`)
  return clouds
}

/** Takes the value from what is plainly null, and says whether every key is a text. */
function prepare(document: Document): boolean {
  let keyed = true
  visit(document, {
    Pair(_, { key }) {
      keyed &&= key === null || isScalar(isAlias(key) ? key.resolve(document) : key)
    },
    Scalar(at, node) {
      const isPlain = at !== 'key' && node.type === 'PLAIN' && node.tag === undefined
      if (isPlain && /^(?:~|null|Null|NULL)$/.test(node.source ?? '')) node.value = null
    },
  })
  return keyed
}

/** Mappings are laid one over the other; anything else is replaced. */
function merged(below: JsonObject, above: JsonObject): JsonObject {
  const over = Object.entries(above).map(([key, value]) => {
    const under = Object.hasOwn(below, key) ? below[key] : undefined
    return [key, isObject(under) && isObject(value) ? merged(under, value) : value] as const
  })
  return { ...below, ...Object.fromEntries(over) }
}

/** A cloud as it is in one of its regions, which may have values of their own. */
function inRegion(cloud: JsonObject, wanted: string | undefined, where: string): JsonObject {
  const { regions, ...rest } = cloud
  if (regions == null) return wanted === undefined ? rest : { ...rest, region_name: wanted }
  if (!Array.isArray(regions)) throw mistake(`${where}: \`regions\` is no list.`)
  const known = regions.map((region: unknown) => {
    const name = isObject(region) ? textOf(region.name) : textOf(region)
    if (name === undefined) throw mistake(`${where}: one of \`regions\` has no \`name\`.`)
    return { name, values: isObject(region) && isObject(region.values) ? region.values : {} }
  })
  const name = wanted ?? textOf(rest.region_name) ?? known[0]?.name
  const region = known.find((one) => one.name === name)
  if (region === undefined) {
    throw mistake(`${where}: \`regions\` has no ${name ?? 'member'}; ${listed(known.map((one) => one.name))}.`)
  }
  return { ...merged(rest, region.values), region_name: region.name }
}

function checkType({ auth_type }: JsonObject, where: string): void {
  const type = textOf(auth_type)
  if (type === undefined || /^(?:v3)?password$/.test(type)) return
  throw mistake(`${where}: \`auth_type\` is ${type}; only password is known here.`)
}

function textAt(values: JsonObject, key: string, place: string): string | undefined {
  const value = Object.hasOwn(values, key) ? values[key] : undefined
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw mistake(`${place} is no text.`)
  return value
}
