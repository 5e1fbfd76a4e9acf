import { Duplex, pipeline, Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import { terminated } from './errors.ts'
import { type BodySink, type BodySource, ReplyBody } from './reply-body.ts'

/** Most content codings of a reply: as many as undici accepts. */
const MAX_CODINGS = 5

// The part of a body that was cut off is given out as far as it came.
const gentle = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH }

const { BROTLI_OPERATION_FLUSH, ZSTD_e_continue, ZSTD_e_end } = zlib.constants

const DECODERS: ReadonlyMap<string, () => Duplex> = new Map<string, () => Duplex>([
  ['gzip', () => zlib.createGunzip(gentle)],
  ['x-gzip', () => zlib.createGunzip(gentle)],
  ['deflate', () => new Inflated()],
  ['br', () => zlib.createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH })],
  ...(zlib.createZstdDecompress === undefined
    ? []
    : [['zstd', () => zlib.createZstdDecompress({ flush: ZSTD_e_continue, finishFlush: ZSTD_e_end })] as const]),
])

/** A decoder for `deflate`. By HTTP it has the wrapper of zlib, but some servers leave that out, which the first byte shows. */
class Inflated extends Duplex {
  #inflate: zlib.Inflate | zlib.InflateRaw | undefined

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#inflate ??= this.#begin(chunk)
    this.#inflate.write(chunk, encoding, callback)
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#inflate === undefined) this.push(null)
    else this.#inflate.end()
    callback()
  }

  override _read(): void {
    this.#inflate?.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#inflate?.destroy()
    callback(error)
  }

  #begin([first = 0]: Buffer): zlib.Inflate | zlib.InflateRaw {
    const inflate = (first & 0x0f) === 0x08 ? zlib.createInflate(gentle) : zlib.createInflateRaw(gentle)
    inflate.on('data', (piece) => {
      // Few bytes may decompress to very many.
      if (!this.push(piece)) inflate.pause()
    })
    inflate.on('end', () => this.push(null))
    inflate.on('error', (error) => this.destroy(error))
    return inflate
  }
}

/**
 * The decoders of a body, that of the last coding first; none if one of its codings is unknown, in which case the body is not
 * decoded.
 *
 * @throws {Error} for more codings than a server has reason to apply.
 */
export function decodersOf(contentEncoding: string): readonly Duplex[] {
  const codings = contentEncoding.toLowerCase().split(',')
  if (codings.length > MAX_CODINGS)
    throw new Error(`too many content-encodings in response: ${codings.length}, maximum allowed is ${MAX_CODINGS}`)
  const makers = codings.reverse().map((coding) => DECODERS.get(coding.trim()))
  return makers.includes(undefined) ? [] : makers.flatMap((make) => make?.() ?? [])
}

/** A body that passes through decoders, and the consumer that takes it from the connection. */
export function decoded(
  decoders: readonly Duplex[],
  from: BodySource,
): { readonly body: ReplyBody; readonly sink: BodySink } {
  const source = new Readable({ read: () => from.resume() })
  const last = pipeline([source, ...decoders], (error) => {
    if (error == null) return
    body.fail(terminated(error))
    from.drop(error)
  }) as unknown as Readable
  const body = new ReplyBody({
    resume: () => void last.resume(),
    drop: (reason) => from.drop(reason),
    throwIfAborted: () => from.throwIfAborted(),
  })
  last.on('data', (chunk: Uint8Array) => {
    if (!body.write(chunk)) last.pause()
  })
  last.on('end', () => body.end())
  const sink: BodySink = {
    write: (chunk) => source.push(chunk),
    end: () => void source.push(null),
    fail(error) {
      body.fail(error)
      source.destroy()
    },
  }
  return { body, sink }
}
