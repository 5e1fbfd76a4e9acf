import { createReadStream } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { OptionsError } from '@holdfast/core/plugin'
import { cloudIn } from './clouds.ts'
import { LONGEST_FILE, type NamedText } from './clouds-file.ts'
import type { KeystoneOptions } from './options.ts'

/** The places to search. */
export interface ReadCloudsOptions {
  /** `OS_CLOUD`, `OS_REGION_NAME`, `OS_CLIENT_CONFIG_FILE`, `OS_CLIENT_SECURE_FILE`, `OS_CLIENT_VENDOR_FILE` and `XDG_CONFIG_HOME` count. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** @default process.cwd() */
  readonly cwd?: string
  /** The folder of the user. @default os.homedir() */
  readonly home?: string
}

/**
 * Reads a cloud from the first `clouds.yaml` in the places that OpenStack's own clients search: the file in
 * `OS_CLIENT_CONFIG_FILE`, the working folder, `~/.config/openstack`, `/etc/openstack`. The values of the first `secure.yaml` in
 * these folders replace its values, and a profile is looked up in the first `clouds-public.yaml`.
 *
 * @param name absent for `OS_CLOUD`, or for the only cloud of the file.
 * @throws {OptionsError} naming the file and the key at fault, or every place where no file was found.
 */
export async function readClouds(
  name?: string,
  { env = process.env, cwd = process.cwd(), home = homedir() }: ReadCloudsOptions = {},
): Promise<KeystoneOptions> {
  const folders = [cwd, join(env.XDG_CONFIG_HOME || join(home, '.config'), 'openstack'), '/etc/openstack']
  const places = (file: string, named: string | undefined) => [
    ...(named ? [named] : []),
    ...folders.flatMap((folder) => ['yaml', 'yml', 'json'].map((ending) => join(folder, `${file}.${ending}`))),
  ]
  const looked = places('clouds', env.OS_CLIENT_CONFIG_FILE)
  const clouds = await firstOf(looked)
  if (clouds === undefined) {
    throw new OptionsError(
      '',
      `must be in a clouds.yaml, and none was found; looked for ${looked.join(', ')}.`,
      'keystone',
    )
  }
  const secure = await firstOf(places('secure', env.OS_CLIENT_SECURE_FILE))
  const profiles = await firstOf(places('clouds-public', env.OS_CLIENT_VENDOR_FILE))
  const wanted = { name: name ?? (env.OS_CLOUD || undefined), region: env.OS_REGION_NAME || undefined }
  return cloudIn(clouds, wanted, { secure, profiles })
}

/** The first file that exists. If it cannot be read, that is an error, and no other file is used. */
async function firstOf(places: readonly string[]): Promise<NamedText | undefined> {
  for (const file of places) {
    let text: string | undefined
    try {
      text = await textOf(file)
    } catch (error) {
      const { code } = error as { readonly code?: string }
      if (code === 'ENOENT' || code === 'ENOTDIR') continue
      throw new OptionsError('', `cannot be read: ${code}.`, `keystone: ${file}`)
    }
    if (text === undefined)
      throw new OptionsError('', `must be at most ${LONGEST_FILE} bytes long.`, `keystone: ${file}`)
    return { file, text }
  }
  return undefined
}

/** The text of a file; `undefined` if it is too long. It is read in parts, because a file may have no size and no end. */
async function textOf(file: string): Promise<string | undefined> {
  const stream = createReadStream(file, { encoding: 'utf8', end: LONGEST_FILE })
  let text = ''
  for await (const part of stream) text += part
  return stream.bytesRead > LONGEST_FILE ? undefined : text
}
