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

/**
 * The user who logs in, and the project.
 *
 * A user is known by `userId` alone, or by `username` within a domain; a project by `projectId` alone, or by
 * `projectName` within a domain, which is the user's where no other is named.
 */
export type KeystoneLogin = {
  readonly username?: string
  readonly userId?: string
  readonly password?: string
  readonly userDomainName?: string
  readonly userDomainId?: string
  readonly projectId?: string
  readonly projectName?: string
  readonly projectDomainName?: string
  readonly projectDomainId?: string
}

interface Target {
  /** The address of the identity service, with or without `/v3`: `https://iam.example/v3`, `http://host/identity`. */
  readonly authUrl: string | URL
  /** The region that the settings were for. The login needs none; whoever writes the services' addresses does. */
  readonly region?: string
}

type Nothing = { readonly [Name in keyof KeystoneLogin]?: never }

/** The options of `keystone`. */
export type KeystoneOptions =
  | (Target & KeystoneLogin & { readonly credentials?: never })
  | (Target &
      Nothing & {
        /** Fetches who logs in; called once a login. Where its answer names an `authUrl`, too, that is not looked at. */
        readonly credentials: () => KeystoneLogin | Promise<KeystoneLogin>
      })

/** A login that is complete, with nothing in it that is not used. */
export type KeystoneCredentials = Readonly<Record<string, string>>

/** The options, checked. */
export interface CheckedOptions {
  readonly origin: string
  /** The path before `/v3`, without a slash at its end. */
  readonly path: string
  readonly credentials: CredentialsOf<KeystoneCredentials>
}

/** Members of the credentials that say who and for what, and are no secret. */
export const shownMembers = [
  'username',
  'userId',
  'userDomainName',
  'userDomainId',
  'projectId',
  'projectName',
  'projectDomainName',
  'projectDomainId',
] as const

const loginMembers = [...shownMembers, 'password'] as const

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
  return { origin, path: serviceOf(pathname).replace(/\/v3$/, '').replace(/\/+$/, ''), credentials }
}

const loginChecks = {
  username: text,
  userId: text,
  password: text,
  userDomainName: text,
  userDomainId: text,
  projectId: text,
  projectName: text,
  projectDomainName: text,
  projectDomainId: text,
} satisfies Record<keyof KeystoneLogin, OptionCheck>

/** The URL of an identity service, version 3. */
export const identityUrl: OptionCheck = (value, path) => {
  httpUrl(value, path)
  if (/\/v2(?:\.\d+)?$/.test(serviceOf(new URL(String(value)).pathname))) {
    throw new OptionsError(path, 'must lead to version 3 of the identity API.')
  }
}

const serviceOf = (path: string): string => path.replace(/(?:\/auth\/tokens)?\/*$/, '')

type Given = Partial<Record<(typeof loginMembers)[number], string>>

const noUser = 'is missing: give `username` or `userId`.'

/** Takes over what is used, so that the same login is always the same credentials. */
function readLogin(login: object): KeystoneCredentials {
  const given: Given = {}
  for (const name of loginMembers) {
    const value = (login as KeystoneLogin)[name]
    if (value === undefined) continue
    text(value, name)
    given[name] = value
  }
  const user = userOf(given)
  if (given.password === undefined) throw new OptionsError('password', 'is missing.')
  return { ...user, password: given.password, ...projectOf(given, user) }
}

function userOf({ username, userId, userDomainName, userDomainId }: Given): KeystoneCredentials {
  if (userId !== undefined) return { userId }
  if (username === undefined) throw new OptionsError('username', noUser)
  if (userDomainId !== undefined) return { username, userDomainId }
  if (userDomainName !== undefined) return { username, userDomainName }
  throw new OptionsError('userDomainName', 'is missing: a `username` needs `userDomainName` or `userDomainId`.')
}

function projectOf(given: Given, user: KeystoneCredentials): KeystoneCredentials {
  const { projectId, projectName } = given
  if (projectId !== undefined) return { projectId }
  if (projectName === undefined) {
    throw new OptionsError('projectId', 'is missing: give `projectId` or `projectName`.')
  }
  const named = given.projectDomainId ?? given.projectDomainName
  const projectDomainId = named === undefined ? user.userDomainId : given.projectDomainId
  if (projectDomainId !== undefined) return { projectName, projectDomainId }
  const projectDomainName = given.projectDomainName ?? user.userDomainName
  if (projectDomainName !== undefined) return { projectName, projectDomainName }
  throw new OptionsError(
    'projectDomainName',
    'is missing: a `projectName` needs `projectDomainName` or `projectDomainId`.',
  )
}
