/**
 * Server-sent events: `EventSource` of the package `eventsource` over a client. It goes on after the last event where the stream
 * breaks off, by `Last-Event-ID`; the client sees each of its requests through, an outage and an expired session included.
 */
import type { ResilientFetch } from '@holdfast/core'
import { EventSource } from 'eventsource'

/** A source of events. A server that is silent for longer than its keep-alive comments allow is asked again. */
export const eventSourceOver = (client: ResilientFetch, url: string, bodyTimeout = 60_000) =>
  new EventSource(url, { fetch: client.extend({ bodyTimeout }).fetch })
