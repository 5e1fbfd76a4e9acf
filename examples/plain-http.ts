/**
 * Any HTTP service, without a vendor: status codes and transport errors have rows of their own.
 *
 *     node examples/plain-http.ts
 */
import { failureOf, isFatal, resilient, timeline } from '@holdfast/core'
import { serve } from '@holdfast/testing'
import { HttpResponse, http } from 'msw'

let requests = 0
const server = await serve([
  http.get('/report', () => {
    requests += 1
    return requests === 1
      ? new HttpResponse(null, { status: 429, headers: { 'retry-after': '1' } })
      : HttpResponse.json({ pages: 3 })
  }),
  http.post('/orders', () => new HttpResponse(null, { status: 502 })),
  http.get('/lost', () => new HttpResponse(null, { status: 410 })),
])

const client = resilient(fetch, { retry: { limit: 3 }, timeout: 5_000, observers: [timeline()] })

try {
  // Throttled: waits as long as it is asked to, then gets its answer.
  const report = await client(`${server.url}/report`)
  console.log(await report.json())

  // A 502 leaves open whether the order was taken: it is not sent twice.
  const order = await client.fetch(`${server.url}/orders`, { method: 'POST', body: '{}' })
  console.log(order.status, failureOf(order)?.reason, { mayBeDone: failureOf(order)?.mayBeDone })

  await client(`${server.url}/lost`)
} catch (error) {
  if (!isFatal(error)) throw error
  console.log(error.code, error.hint)
} finally {
  await client.close()
  await server.close()
}
