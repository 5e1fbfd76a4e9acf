import {
  type CredentialsOf,
  checkNeeds,
  checkVendorOptions,
  credentialsOf,
  httpOrigin,
  OptionsError,
  oneOf,
  originOf,
  passwordLogin,
  passwordOptions,
} from '@holdfast/core/plugin'
import type { VsphereCredentials, VsphereSurface } from './session.ts'

interface Target {
  /** vCenter's origin, such as `https://vc.example`. */
  readonly url: string | URL
  /** The surface to log in at; calls may go to both. @default 'api' */
  readonly surface?: VsphereSurface
}

/** The options of `vsphere`. */
export type VsphereOptions =
  | (Target & VsphereCredentials & { readonly credentials?: never })
  | (Target & {
      /** Returns the credentials; called once for each login. */
      readonly credentials: () => VsphereCredentials | Promise<VsphereCredentials>
      readonly username?: never
      readonly password?: never
    })
  | (Partial<Target> & { readonly credentials?: never; readonly username?: never; readonly password?: never })

/** The options, checked. */
export interface CheckedOptions {
  readonly origin: string | undefined
  readonly surface: VsphereSurface
  readonly credentials: CredentialsOf<VsphereCredentials> | undefined
}

/** @throws {OptionsError} naming the option at fault. */
export function checkOptions(options: VsphereOptions): CheckedOptions {
  checkVendorOptions('vsphere', options, { url: httpOrigin, surface: oneOf('api', 'rest'), ...passwordOptions })
  checkNeeds('vsphere', options, ['username', 'password', 'credentials'], 'url')
  const credentials = credentialsOf('vsphere', options, ['username', 'password'], basicLogin)
  return { origin: originOf(options.url), surface: options.surface ?? 'api', credentials }
}

function basicLogin(given: object): VsphereCredentials {
  const login = passwordLogin(given)
  if (login.username.includes(':'))
    throw new OptionsError('username', 'must be without a colon: Basic cannot carry it.')
  return login
}
