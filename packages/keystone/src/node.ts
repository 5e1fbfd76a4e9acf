import { createReadStream } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { OptionsError } from '@holdfast/core/plugin'
import { cloudIn } from './clouds.ts'
import { LONGEST_FILE, type NamedText } from './clouds-file.ts'
import type { KeystoneOptions } from './options.ts'

/** The places to look in. */
export interface ReadCloudsOptions {
  /** `OS_CLOUD`, `OS_REGION_NAME`, `OS_CLIENT_CONFIG_FILE`, `OS_CLIENT_SECURE_FILE`, `OS_CLIENT_VENDOR_FILE` and `XDG_CONFIG_HOME` count. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** @default process.cwd() */
  readonly cwd?: string
  /** The folder of the user. @default os.homedir() */
  readonly home?: string
}

/**
 * Reads a cloud from the first `clouds.yaml` that is found where OpenStack's own clients look: the file that
 * `OS_CLIENT_CONFIG_FILE` names, the working folder, `~/.config/openstack`, `/etc/openstack`. The first `secure.yaml` in
 * these folders is laid over it, and a profile is looked for in the first `clouds-public.yaml`.
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

/** The first file that exists. One that cannot be read is an error: no other is taken in its place. */
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

/** The text of a file; `undefined` for one that is too long. Its size may not be known, and it may never end. */
async function textOf(file: string): Promise<string | undefined> {
  const stream = createReadStream(file, { encoding: 'utf8', end: LONGEST_FILE })
  let text = ''
  for await (const part of stream) text += part
  return stream.bytesRead > LONGEST_FILE ? undefined : text
}
