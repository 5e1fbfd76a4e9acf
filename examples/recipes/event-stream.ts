/**
 * Server-sent events that go on where the stream broke off: the next request names the last event in `Last-Event-ID`, as the
 * HTML standard has it. The client sees each request through; a stream that breaks off later is taken up here.
 */
import type { ResilientFetch } from '@holdfast/core'
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream'

export interface EventsOptions {
  readonly signal?: AbortSignal
  /** The longest silence of the server, in milliseconds: above the time between its keep-alive comments. */
  readonly bodyTimeout?: number
}

/** The wait before the stream is asked for again, in milliseconds, until the server sets another by `retry:`. */
const RECONNECTION_TIME = 1_000

/** Events without end, until the server answers 204, a call fails, or the loop over them is left. */
export async function* eventsOf(
  client: ResilientFetch,
  url: string,
  { signal, bodyTimeout = 60_000 }: EventsOptions = {},
): AsyncGenerator<EventSourceMessage> {
  let last = ''
  let wait = RECONNECTION_TIME
  const onRetry = (ms: number) => {
    wait = ms
  }
  for (;;) {
    const headers = { accept: 'text/event-stream', ...(last !== '' && { 'last-event-id': last }) }
    const reply = await client(url, { headers, ...(signal && { signal }), resilience: { bodyTimeout } })
    if (reply.status === 204 || reply.body === null) return
    try {
      const text = reply.body.pipeThrough(new TextDecoderStream())
      for await (const event of text.pipeThrough(new EventSourceParserStream({ onRetry }))) {
        last = event.id ?? last
        yield event
      }
    } catch (error) {
      if (signal?.aborted) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
