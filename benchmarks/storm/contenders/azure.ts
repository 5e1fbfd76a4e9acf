import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'
import { type Contender, perClient } from '../model/contender.ts'
import { ATTEMPT_TIME } from '../model/times.ts'
import type { Fetch } from '../model/wire.ts'

type Library = typeof import('@azure/core-rest-pipeline')

/** The default retry policy of the Azure SDK, over an HTTP client with the same results as its own. */
export const azure: Contender = {
  name: 'azure core-rest-pipeline',
  async start({ fetch }) {
    const library = await import('@azure/core-rest-pipeline')
    const { createEmptyPipeline, createHttpHeaders, createPipelineRequest, defaultRetryPolicy } = library
    const http = httpOver(fetch, library)
    const pipelineOf = perClient(() => {
      const pipeline = createEmptyPipeline()
      pipeline.addPolicy(defaultRetryPolicy())
      return pipeline
    })
    return async ({ client, url, method, headers, signal }) => {
      const own = createHttpHeaders({ ...headers })
      const request = createPipelineRequest({ url, method, headers: own, timeout: ATTEMPT_TIME, abortSignal: signal })
      return (await pipelineOf(client).sendRequest(http, request)).status
    }
  },
}

/** A time-out is an abort there, and a failed connection keeps the code of the system. */
function httpOver(fetch: Fetch, { createHttpHeaders, RestError }: Library): HttpClient {
  return {
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      const controller = new AbortController()
      const abort = (): void => controller.abort(new DOMException('The operation was aborted.', 'AbortError'))
      const timer = setTimeout(abort, request.timeout)
      request.abortSignal?.addEventListener('abort', abort)
      try {
        const { url, method, headers } = request
        const reply = await fetch(url, { method, headers: headers.toJSON(), signal: controller.signal })
        return { request, status: reply.status, headers: createHttpHeaders(Object.fromEntries(reply.headers)) }
      } catch (error) {
        const cause = (error as Error).cause as (Error & { readonly code: string }) | undefined
        if (cause === undefined) throw error
        throw new RestError(cause.message, { code: cause.code, request })
      } finally {
        clearTimeout(timer)
        request.abortSignal?.removeEventListener('abort', abort)
      }
    },
  }
}
