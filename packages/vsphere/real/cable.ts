import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a port of this machine that can be cut. */
export interface Cable extends AsyncDisposable {
  readonly port: number
  /** Resets all connections with the next request that arrives, and then each new one, until it is mended. */
  cutByRequest(): Promise<void>
  mend(): void
}

/** Lays a cable to a port. */
export async function layCable(port: number): Promise<Cable> {
  const sockets = new Set<Socket>()
  let whole = true
  let cutBy: (() => void) | undefined
  const cut = () => {
    whole = false
    for (const socket of sockets) socket.resetAndDestroy()
    cutBy?.()
    cutBy = undefined
  }
  const server = createServer((near) => {
    if (!whole) {
      near.resetAndDestroy()
      return
    }
    const far = connect(port, '127.0.0.1')
    near.on('data', () => cutBy && cut())
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => sockets.delete(socket))
      socket.pipe(other)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cutByRequest() {
      return new Promise((resolve) => {
        cutBy = resolve
      })
    },
    mend() {
      whole = true
    },
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
