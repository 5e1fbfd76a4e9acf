import { type BodyReading, readBody } from '../../../packages/core/src/attempt/read.ts'
import { sniffer } from '../../../packages/xenapi/src/wire/sniff.ts'
import { BETWEEN, ensure, joined, partsOf, type Target } from '../target.ts'

/** A body in chunks of these sizes, over and over, which may break in the end. */
function bodyOf(bytes: Uint8Array, sizes: readonly number[], breaks: Error | undefined): ReadableStream<Uint8Array> {
  let at = 0
  let turn = 0
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) {
        const size = sizes[turn++ % sizes.length] || (turn % 7 === 0 ? 1 : 0)
        controller.enqueue(bytes.slice(at, at + size))
        at += size
      } else if (breaks !== undefined) controller.error(breaks)
      else controller.close()
    },
  })
}

const bytesIn = async (reply: Response): Promise<Buffer | unknown> =>
  reply.arrayBuffer().then(Buffer.from, (error: unknown) => error)

export const readTarget: Target = {
  name: 'read',
  covers: /packages\/core\/src\/attempt\/(?:read|head|replayed-response)/,
  seeds: [
    joined('whole 1,2,3', '{"result":1} é 💥'),
    joined('whole 8 breaks', '\ufeff<a>'),
    joined('sniff 1', '{"error":["A"]}'),
    joined('sniff 4 breaks', '{"result":"\ufffd"}'),
    joined('whole 0,9 short', 'a'.repeat(80)),
    joined('whole 3 breaks buffered', '\x1f\x8b\x08'),
  ],
  async run(input) {
    const [orders = ''] = partsOf(input, 1)
    const begin = Buffer.from(input).indexOf(BETWEEN) + 1
    const bytes = Uint8Array.from(input.subarray(begin))
    const sizes = [...orders.matchAll(/\d+/g)].map(([size]) => Math.min(Number(size), 4_096))
    const broken = orders.includes('breaks') ? new TypeError('terminated') : undefined
    const most = orders.includes('short') ? 16 : 65_536
    const reply = new Response(bodyOf(bytes, sizes.length === 0 ? [5] : sizes, broken), { status: 200 })
    const sniff = orders.startsWith('sniff') ? { sniff: sniffer() } : {}
    const reading = await readBody(reply, { bytes: most, ms: 60_000, ...sniff })
    const { text, complete, isFine } = reading
    ensure(!complete || text === new TextDecoder().decode(bytes), 'a whole body is read as one decodes it')
    ensure(new TextDecoder().decode(bytes).startsWith(text.replace(/\ufffd+$/, '')), 'what is read is the beginning')
    return `${complete} ${isFine} ${reading.broken !== undefined} ${await passedOn(orders, reading, bytes, broken)}`
  },
  around: (hostile) => [joined('whole 65536', hostile), joined('sniff 65536', hostile)],
}

async function passedOn(
  orders: string,
  reading: BodyReading,
  bytes: Uint8Array,
  broken: Error | undefined,
): Promise<string> {
  const isLive = !orders.includes('buffered')
  const got = await bytesIn(isLive ? reading.live() : reading.buffered())
  if (!Buffer.isBuffer(got)) {
    ensure(isLive && got === broken, 'a body fails with its own error', got)
    return 'broken'
  }
  ensure(Buffer.from(bytes).subarray(0, got.length).equals(got), 'what is passed on is the body')
  ensure(!isLive || (got.length === bytes.length && broken === undefined), 'all of it is passed on')
  return isLive ? 'live' : 'buffered'
}
