import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { OptionsError } from '@holdfast/core/plugin'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readClouds } from '../src/node.ts'

let folder: string
const at = (path: string) => join(folder, path)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clouds-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function put(path: string, clouds: Readonly<Record<string, object>>): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true })
  await writeFile(at(path), JSON.stringify({ clouds }))
}

const cloud = (user_id: string) => ({
  auth: { auth_url: 'https://iam.example', user_id, password: 'p', project_id: 'p-1' },
  regions: ['eu-de', 'eu-nl'],
})
const look = (name?: string, env: Record<string, string> = {}) =>
  readClouds(name, { env, cwd: at('here'), home: at('home') })

it('looks where OpenStack’s own clients do, in their order', async () => {
  await put('home/.config/openstack/clouds.yaml', { c: cloud('of the user') })
  expect(await look('c')).toMatchObject({ userId: 'of the user' })
  await put('elsewhere/openstack/clouds.yml', { c: cloud('of XDG') })
  expect(await look('c', { XDG_CONFIG_HOME: at('elsewhere') })).toMatchObject({ userId: 'of XDG' })
  await put('here/clouds.json', { c: cloud('of the folder') })
  expect(await look('c', { XDG_CONFIG_HOME: at('elsewhere') })).toMatchObject({ userId: 'of the folder' })
  await put('named.yaml', { c: cloud('of the variable') })
  expect(await look('c', { OS_CLIENT_CONFIG_FILE: at('named.yaml') })).toMatchObject({ userId: 'of the variable' })
})

it('lays the secure file over it, wherever that is', async () => {
  await put('here/clouds.yaml', { c: cloud('u') })
  await put('home/.config/openstack/secure.yaml', { c: { auth: { password: 'secret' } } })
  expect(await look('c')).toMatchObject({ password: 'secret' })
  await put('named.yaml', { c: { auth: { password: 'other' } } })
  expect(await look('c', { OS_CLIENT_SECURE_FILE: at('named.yaml') })).toMatchObject({ password: 'other' })
})

it('looks for profiles beside it, or where the variable says', async () => {
  const { auth } = cloud('u')
  const { auth_url: _, ...rest } = auth
  await put('here/clouds.yaml', { c: { profile: 'otc', auth: rest } })
  const profile = (url: string) => JSON.stringify({ 'public-clouds': { otc: { auth: { auth_url: url } } } })
  await mkdir(at('home/.config/openstack'), { recursive: true })
  await writeFile(at('home/.config/openstack/clouds-public.yaml'), profile('https://one.example'))
  expect(await look('c')).toMatchObject({ authUrl: 'https://one.example', userId: 'u' })
  await writeFile(at('named.json'), profile('https://two.example'))
  expect(await look('c', { OS_CLIENT_VENDOR_FILE: at('named.json') })).toMatchObject({ authUrl: 'https://two.example' })
})

it('takes cloud and region from the variables, or the only cloud', async () => {
  await put('here/clouds.yaml', { c: cloud('u') })
  expect(await look()).toMatchObject({ userId: 'u', region: 'eu-de' })
  expect(await look(undefined, { OS_REGION_NAME: 'eu-nl' })).toMatchObject({ region: 'eu-nl' })
  await put('here/clouds.yaml', { c: cloud('u'), d: cloud('v') })
  expect(await look(undefined, { OS_CLOUD: 'd' })).toMatchObject({ userId: 'v' })
  await expect(look()).rejects.toThrow(
    `${at('here/clouds.yaml')}: option \`clouds\` must have one member where no name is given; there are c, d.`,
  )
})

it('names every place where no file was', async () => {
  await expect(look('c')).rejects.toThrow(OptionsError)
  for (const place of ['here/clouds.yaml', 'home/.config/openstack/clouds.yaml']) {
    await expect(look('c')).rejects.toThrow(at(place))
  }
  await expect(look('c')).rejects.toThrow('/etc/openstack/clouds.yaml')
})

it('names a file that is there but cannot be read, or lacks something', async () => {
  await mkdir(at('here/clouds.yaml'), { recursive: true })
  await expect(look('c')).rejects.toThrow(`keystone: ${at('here/clouds.yaml')}: options cannot be read: EISDIR.`)
  await rm(at('here/clouds.yaml'), { recursive: true })
  await put('here/clouds.yaml', { c: { auth: { auth_url: 'https://iam.example' } } })
  await expect(look('c')).rejects.toThrow(`${at('here/clouds.yaml')}: option \`clouds.c.auth.username\` is missing`)
})

it('reads no file that is longer than any', async () => {
  await put('here/clouds.yaml', { c: cloud('é'.repeat(600_000)) })
  await expect(look('c')).rejects.toThrow(`${at('here/clouds.yaml')}: options must be at most 1048576 bytes`)
  // It never ends.
  await expect(look('c', { OS_CLIENT_CONFIG_FILE: '/dev/zero' })).rejects.toThrow(
    '/dev/zero: options must be at most 1048576 bytes',
  )
})
