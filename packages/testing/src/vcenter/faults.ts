/** Which requests a scripted fault is for. */
export interface FaultScope {
  /** Requests that it strikes before it is over. @default for ever, until `calm()` */
  readonly times?: number
  /** @default every request that it can strike */
  readonly where?: (request: { readonly method: string; readonly path: string; readonly query: string }) => boolean
}

/** What can be made to go wrong. */
export type TroubleKind = 'overload' | 'outage' | 'slow' | 'drop-before-work' | 'drop-after-work'

/** How it goes wrong, where the kind alone does not say. */
export interface TroubleDetail {
  readonly retryAfter?: number | string | undefined
  /** How late, in milliseconds. */
  readonly ms?: number
  /** No answer at all. */
  readonly dropped?: boolean
}

interface Trouble extends TroubleDetail {
  readonly kind: TroubleKind
  readonly where: FaultScope['where']
  left: number
}

/** Faults in the order in which they were scripted. */
export interface Troubles {
  add(kind: TroubleKind, scope: FaultScope, detail?: TroubleDetail): void
  /** The fault of this kind that strikes the request, which counts as one of its times. */
  strike(kind: TroubleKind, request: Request): TroubleDetail | undefined
  end(kind?: TroubleKind): void
}

/** Starts with nothing wrong. */
export function createTroubles(): Troubles {
  let troubles: Trouble[] = []
  return {
    add(kind, { times = Number.POSITIVE_INFINITY, where }, detail = {}) {
      troubles.push({ ...detail, kind, where, left: times })
    },
    strike(kind, request) {
      const { pathname, search } = new URL(request.url)
      const facts = { method: request.method, path: pathname, query: search.slice(1) }
      const trouble = troubles.find(
        (candidate) => candidate.kind === kind && candidate.left > 0 && (candidate.where?.(facts) ?? true),
      )
      if (trouble !== undefined) trouble.left -= 1
      return trouble
    },
    end(kind) {
      troubles = kind === undefined ? [] : troubles.filter((trouble) => trouble.kind !== kind)
    },
  }
}
