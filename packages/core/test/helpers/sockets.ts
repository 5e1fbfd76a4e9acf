import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'

/** A real server on a free port, what it was sent, and its end. */
export interface Listening extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Everything received, connection by connection. */
  readonly received: string[]
  /** Sockets that stand now. */
  readonly open: ReadonlySet<Socket>
}

/** Serves what a handler writes to each socket upon what it is sent. */
export async function listen(
  onData: (socket: Socket, received: string, connection: number) => void,
  make: (onSocket: (socket: Socket) => void) => Server = createServer,
  scheme = 'http',
): Promise<Listening> {
  const received: string[] = []
  const open = new Set<Socket>()
  const server = make((socket) => {
    const connection = received.push('') - 1
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      received[connection] += String(chunk)
      onData(socket, received[connection] ?? '', connection)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    for (const socket of open) socket.destroy()
    server.close()
    await once(server, 'close')
  }
  return { port, url: `${scheme}://127.0.0.1:${port}`, received, open, [Symbol.asyncDispose]: close }
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Resolves once a condition is true, which is checked in each turn of the event loop. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}
