import { type Contender, perClient, StatusError, sendOrThrow } from '../model/contender.ts'

type Strategies = typeof import('@smithy/util-retry')
type Strategy = InstanceType<Strategies['StandardRetryStrategy']> | InstanceType<Strategies['AdaptiveRetryStrategy']>

const ATTEMPTS = 3

/** The retry middleware of the AWS SDK, which repeats transient failures, with one strategy for each client. */
const smithy = (
  name: string,
  strategy: (library: Strategies) => Strategy,
  leavesOut: readonly string[] = [],
): Contender => ({
  name,
  leavesOut,
  async start({ fetch }) {
    const [{ retryMiddleware }, library] = await Promise.all([
      import('@smithy/middleware-retry'),
      import('@smithy/util-retry'),
    ])
    const middlewareOf = perClient(() => {
      const own = strategy(library)
      return retryMiddleware({ retryStrategy: async () => own, maxAttempts: async () => ATTEMPTS })
    })
    return async (request) => {
      const send = async () => {
        const response = await sendOrThrow(fetch, request).catch(asServiceError)
        return { response, output: { $metadata: {}, status: response.status } }
      }
      const context = { __smithy_context: { abortSignal: request.signal } }
      const handler = middlewareOf(request.client)(send as never, context as never)
      const { output } = await handler({ input: {}, request: {} })
      return (output as unknown as { readonly status: number }).status
    }
  },
})

/** The shape in which the SDK reads an error of a service. */
function asServiceError(error: unknown): never {
  if (!(error instanceof StatusError)) throw error
  const { status, headers } = error.response
  throw Object.assign(error, {
    name: 'ServiceException',
    $metadata: { httpStatusCode: status },
    $response: { statusCode: status, headers: Object.fromEntries(headers) },
  })
}

export const smithies: readonly Contender[] = [
  smithy('smithy, standard', ({ StandardRetryStrategy }) => new StandardRetryStrategy(async () => ATTEMPTS)),
  // For each token all callers of a client wake up: with thousands of them the processor is busy for minutes.
  smithy('smithy, adaptive', ({ AdaptiveRetryStrategy }) => new AdaptiveRetryStrategy(async () => ATTEMPTS), [
    '4',
    '5',
    '5-1',
    '5-5',
    '5-500',
  ]),
]
