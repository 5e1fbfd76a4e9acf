import {
  type CredentialsOf,
  checkVendorOptions,
  credentialsFunction,
  credentialsOf,
  httpUrl,
  type OptionCheck,
  OptionsError,
  text,
} from '@holdfast/core/plugin'
import { type KeystoneCredentials, type KeystoneLogin, loginChecks, loginMembers, noUser, readLogin } from './login.ts'

interface Target {
  /** The address of the identity service, with or without `/v3`: `https://iam.example/v3`, `http://host/identity`. */
  readonly authUrl: string | URL
  /** The region. The login needs none, but `endpointOf` looks for services there. */
  readonly region?: string
}

type Nothing = { readonly [Name in keyof KeystoneLogin]?: never }

/** The options of `keystone`. */
export type KeystoneOptions =
  | (Target & KeystoneLogin & { readonly credentials?: never })
  | (Target &
      Nothing & {
        /** Returns the login; called once for each login. An `authUrl` in it is ignored. */
        readonly credentials: () => KeystoneLogin | Promise<KeystoneLogin>
      })

/** The options, checked. */
export interface CheckedOptions {
  readonly origin: string
  /** The path before `/v3`, without a slash at its end. */
  readonly path: string
  readonly region: string | undefined
  readonly credentials: CredentialsOf<KeystoneCredentials>
}

/** @throws {OptionsError} naming the option at fault. */
export function checkOptions(options: KeystoneOptions): CheckedOptions {
  checkVendorOptions('keystone', options, {
    ...loginChecks,
    authUrl: identityUrl,
    region: text,
    credentials: credentialsFunction,
  })
  if (options.authUrl === undefined) throw new OptionsError('authUrl', 'is missing.', 'keystone')
  const credentials = credentialsOf('keystone', options, loginMembers, readLogin)
  if (credentials === undefined) throw new OptionsError('username', noUser, 'keystone')
  const { origin, pathname } = new URL(options.authUrl)
  const path = serviceOf(pathname).replace(/\/v3$/, '').replace(/\/+$/, '')
  return { origin, path, region: options.region, credentials }
}

/** The URL of an identity service, version 3. */
export const identityUrl: OptionCheck = (value, path) => {
  httpUrl(value, path)
  if (/\/v2(?:\.\d+)?$/.test(serviceOf(new URL(String(value)).pathname))) {
    throw new OptionsError(path, 'must lead to version 3 of the identity API.')
  }
}

const serviceOf = (path: string): string => path.replace(/(?:\/auth\/tokens)?\/*$/, '')
