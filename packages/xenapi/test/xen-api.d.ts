declare module 'xen-api' {
  /** Its client, as far as the tests use it. */
  export interface Xapi {
    readonly pool: { readonly $ref: string; readonly master: string } | null
    connect(): Promise<void>
    disconnect(): Promise<void>
    watchEvents(): void
    readonly objectsFetched: Promise<void>
    call(method: string, ...args: readonly unknown[]): Promise<unknown>
    callAsync(method: string, ...args: readonly unknown[]): Promise<unknown>
    getField(type: string, ref: string, field: string): Promise<unknown>
  }

  export function createClient(options: {
    readonly url: string
    readonly auth?: { readonly user: string; readonly password: string }
    readonly transport?: string
    readonly watchEvents?: boolean | readonly string[]
    readonly debounce?: number
  }): Xapi
}

declare module 'xen-api/transports/index.mjs' {
  /** By name; each calls methods, and rejects with an error that has the `code` of the failure. */
  const transports: Record<
    string,
    (options: { readonly url: unknown }) => (method: string, params: readonly unknown[]) => Promise<unknown>
  >
  export = transports
}
