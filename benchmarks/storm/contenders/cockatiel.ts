import { type Contender, perClient, sendOrThrow } from '../model/contender.ts'
import { ATTEMPT_TIME } from '../model/times.ts'

type Cockatiel = typeof import('cockatiel')

/** Retry around a breaker around a time limit, with the numbers of cockatiel's own documentation. */
const cockatiel = (
  name: string,
  breaker: (
    library: Cockatiel,
  ) => InstanceType<Cockatiel['SamplingBreaker']> | InstanceType<Cockatiel['ConsecutiveBreaker']>,
): Contender => ({
  name,
  async start({ fetch }) {
    const library = await import('cockatiel')
    const { circuitBreaker, ExponentialBackoff, handleAll, retry, TimeoutStrategy, timeout, wrap } = library
    const policyOf = perClient(() =>
      wrap(
        retry(handleAll, { maxAttempts: 4, backoff: new ExponentialBackoff() }),
        circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: breaker(library) }),
        timeout(ATTEMPT_TIME, TimeoutStrategy.Aggressive),
      ),
    )
    return async (request) => {
      const send = ({ signal }: { readonly signal: AbortSignal }) => sendOrThrow(fetch, request, signal)
      return (await policyOf(request.client).execute(send, request.signal)).status
    }
  },
})

export const cockatiels: readonly Contender[] = [
  cockatiel('cockatiel, sampling', ({ SamplingBreaker }) => new SamplingBreaker({ threshold: 0.2, duration: 30_000 })),
  cockatiel('cockatiel, consecutive', ({ ConsecutiveBreaker }) => new ConsecutiveBreaker(5)),
]
