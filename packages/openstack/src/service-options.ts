import type { SessionSource } from '@holdfast/core/plugin'

/** Address of a service, and the source of its tokens. Without `auth`, a vendor knows the errors alone. */
export type ServiceOptions =
  | {
      /** Address of the service, such as `https://service.example`. The path of a catalogue's endpoint is ignored. */
      readonly url: string | URL
      /** Source of the tokens: `keystone({ … })`, the same one for several services where they are to share a token. */
      readonly auth: SessionSource
    }
  | { readonly url?: string | URL; readonly auth?: never }

/** The options, checked. */
export interface CheckedServiceOptions {
  readonly origin: string | undefined
  readonly auth: SessionSource | undefined
}

/**
 * Checks the options that every vendor of a service has, and that there are no others than it knows.
 *
 * @param vendor whose options they are, as its errors say.
 * @throws {TypeError} naming the option at fault.
 */
export function checkServiceOptions(
  vendor: string,
  options: ServiceOptions,
  known: readonly string[],
): CheckedServiceOptions {
  const stray = Object.keys(options).find((name) => !known.includes(name))
  if (stray !== undefined) {
    throw new TypeError(`${vendor}: there is no option \`${stray}\`; there are ${known.join(', ')}.`)
  }
  const { url, auth } = options
  if (auth !== undefined && !isSource(auth)) throw new TypeError(`${vendor}: \`auth\` must be made by \`keystone()\`.`)
  if (auth !== undefined && url === undefined) throw new TypeError(`${vendor}: \`auth\` needs a home: give \`url\`.`)
  return { origin: url === undefined ? undefined : originOf(vendor, url), auth }
}

const isSource = (auth: Partial<SessionSource> | null): boolean =>
  typeof auth?.open === 'function' && typeof auth.sign === 'function'

function originOf(vendor: string, url: string | URL): string {
  const parsed = URL.parse(String(url))
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError(`${vendor}: \`url\` must be an absolute http or https URL.`)
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError(`${vendor}: \`url\` must not carry credentials; give \`auth\`.`)
  }
  if (parsed.search !== '' || parsed.hash !== '')
    throw new TypeError(`${vendor}: \`url\` must have no query or fragment.`)
  return parsed.origin
}
