import {
  type ChecksOf,
  checkNeeds,
  checkVendorOptions,
  httpUrl,
  originOf,
  type SessionSource,
  sessionSource,
} from '@holdfast/core/plugin'

/** Address of a service, and the source of its tokens. Without `auth`, a vendor only reads errors. */
export type ServiceOptions =
  | {
      /** Address of the service, such as `https://service.example`. The path of a catalogue's endpoint is ignored. */
      readonly url: string | URL
      /** Source of the tokens: `keystone({ … })`. Services that share a source share a token. */
      readonly auth: SessionSource
    }
  | { readonly url?: string | URL; readonly auth?: never }

/** The options, checked. */
export interface CheckedServiceOptions {
  readonly origin: string | undefined
  readonly auth: SessionSource | undefined
}

/**
 * Checks the options that every vendor of a service has, and those of its own.
 *
 * @param vendor the vendor that errors name.
 * @param own a check for each option that only this vendor has.
 * @throws {OptionsError} naming the option at fault.
 */
export function checkServiceOptions<Options extends ServiceOptions>(
  vendor: string,
  options: Options,
  own: Omit<ChecksOf<Options>, 'url' | 'auth'>,
): CheckedServiceOptions {
  const checks = { ...own, url: httpUrl, auth: sessionSource } as unknown as ChecksOf<Options>
  checkVendorOptions(vendor, options, checks)
  checkNeeds<ServiceOptions>(vendor, options, ['auth'], 'url')
  return { origin: originOf(options.url), auth: options.auth }
}
