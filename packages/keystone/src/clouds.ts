import {
  isObject,
  type JsonObject,
  kindOf,
  nameInErrors,
  OptionsError,
  suggestion,
  text,
  textOf,
} from '@holdfast/core/plugin'
import { cloudsIn, mapping, merged, type NamedText } from './clouds-file.ts'
import type { KeystoneOptions } from './options.ts'
import { optionsFrom } from './settings.ts'

/** Most clouds that an error names. */
const MOST_NAMED = 20

/** The cloud to read from the files. */
export interface CloudWanted {
  /** Absent for the only cloud of the file. */
  readonly name?: string | undefined
  /** Absent for the region of the cloud itself, or the first of its regions. */
  readonly region?: string | undefined
}

/** The other files. */
export interface CloudFiles {
  /** Its values replace those of the cloud. */
  readonly secure?: NamedText | undefined
  /** The profiles: a cloud with a profile has the profile's values in addition to its own. */
  readonly profiles?: NamedText | undefined
}

/**
 * Reads one cloud of a `clouds.yaml`. Values are used as they are: variables are not expanded, and a `profile` is looked up only in
 * `publicClouds`.
 *
 * @param secure text of a `secure.yaml`, whose values replace those of `clouds`.
 * @param publicClouds text of a `clouds-public.yaml`, which has the profiles.
 * @throws {OptionsError} naming the file and the key at fault.
 */
export function fromClouds(clouds: string, name: string, secure?: string, publicClouds?: string): KeystoneOptions {
  isText('clouds', clouds, 'the text of a `clouds.yaml`')
  if (name !== undefined) isText('name', name, 'the name of a cloud')
  if (secure !== undefined) isText('secure', secure, 'the text of a `secure.yaml`')
  if (publicClouds !== undefined) isText('publicClouds', publicClouds, 'the text of a `clouds-public.yaml`')
  return cloudIn(
    { file: 'clouds.yaml', text: clouds },
    { name },
    {
      ...(secure !== undefined && { secure: { file: 'secure.yaml', text: secure } }),
      ...(publicClouds !== undefined && { profiles: { file: 'clouds-public.yaml', text: publicClouds } }),
    },
  )
}

/** A file's text. A caller may give a parsed file instead, which may contain a secret, so the error does not show it. */
function isText(argument: string, value: unknown, what: string): void {
  if (typeof value === 'string') return
  throw new OptionsError(argument, `must be ${what}, got ${kindOf(value)}.`, 'keystone', 'argument')
}

/** {@link fromClouds} for files with other names. */
export function cloudIn(
  clouds: NamedText,
  wanted: CloudWanted,
  { secure, profiles }: CloudFiles = {},
): KeystoneOptions {
  const all = merged(cloudsIn(clouds), secure === undefined ? {} : cloudsIn(secure))
  const known = profiles === undefined ? {} : cloudsIn(profiles, 'public-clouds')
  const files = secure === undefined ? clouds.file : `${clouds.file} and ${secure.file}`
  return nameInErrors(`keystone: ${files}`, () => {
    const name = wanted.name ?? onlyOf(Object.keys(all))
    const path = `clouds.${shown(name)}`
    if (!Object.hasOwn(all, name)) throw new OptionsError(path, `is missing; ${listed(Object.keys(all), name)}`)
    const cloud = inRegion(withProfile(mapping(all[name], path), known), wanted.region, path)
    return optionsOf(cloud, path)
  })
}

function optionsOf(cloud: JsonObject, path: string): KeystoneOptions {
  const auth = cloud.auth == null ? {} : mapping(cloud.auth, `${path}.auth`)
  return optionsFrom({
    get: (key) => textIn(auth, key, `${path}.auth.${key}`) ?? textIn(cloud, key, `${path}.${key}`),
    path: (key) => `${path}.auth.${key}`,
    names: Object.keys(auth),
    type: [cloud.auth_type == null ? undefined : shown(textOf(cloud.auth_type) ?? ''), `${path}.auth_type`],
    ...(cloud.profile != null && { advice: '; the profile does not have it either' }),
  })
}

/** A cloud with the values of its profile. */
function withProfile(cloud: JsonObject, profiles: JsonObject): JsonObject {
  const name = textOf(cloud.profile) ?? ''
  if (!Object.hasOwn(profiles, name)) return cloud
  return merged(mapping(profiles[name], `public-clouds.${shown(name)}`), cloud)
}

const isPlain = (name: string): boolean => /^[\w .@-]{1,64}$/.test(name)

/** A name as errors may show it: if the file lacks a quotation mark, a name may contain a password. */
const shown = (name: string): string => (isPlain(name) ? name : '…')

/** All names, as the end of a sentence, with the one that was most likely meant. */
function listed(names: readonly string[], wanted?: string): string {
  const others = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
  const all =
    names.length === 0 ? 'there are none' : `there are ${names.slice(0, MOST_NAMED).map(shown).join(', ')}${others}`
  return `${all}.${wanted === undefined ? '' : suggestion(shown(wanted), names.filter(isPlain))}`
}

function onlyOf(names: readonly string[]): string {
  const [only, ...others] = names
  if (only !== undefined && others.length === 0) return only
  throw new OptionsError('clouds', `must have one member where no name is given; ${listed(names)}`)
}

/** A cloud with the values of one of its regions. */
function inRegion({ regions, ...cloud }: JsonObject, wanted: string | undefined, path: string): JsonObject {
  if (regions == null) return wanted === undefined ? cloud : { ...cloud, region_name: wanted }
  if (!Array.isArray(regions)) throw new OptionsError(`${path}.regions`, 'must be a list.')
  const known = regions.map((region: unknown, index) => {
    const name = isObject(region) ? textOf(region.name) : textOf(region)
    if (name === undefined) throw new OptionsError(`${path}.regions[${index}].name`, 'is missing.')
    return { name, values: isObject(region) && isObject(region.values) ? region.values : {} }
  })
  const name = wanted ?? textOf(cloud.region_name) ?? known[0]?.name
  const region = known.find((one) => one.name === name)
  if (region !== undefined) return { ...merged(cloud, region.values), region_name: region.name }
  const names = known.map((one) => one.name)
  throw new OptionsError(
    `${path}.regions`,
    `must have ${name === undefined ? 'a member' : shown(name)}; ${listed(names, name)}`,
  )
}

function textIn(values: JsonObject, key: string, path: string): string | undefined {
  const value = Object.hasOwn(values, key) ? values[key] : undefined
  if (value === undefined || value === null || value === '') return undefined
  text(value, path)
  return value as string
}
