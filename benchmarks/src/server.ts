import { createServer } from 'node:http'
import { body, headers, session } from './reply.ts'

// A process of its own, so that the client's processor time is the client's alone.
const server = createServer((request, response) => {
  request.resume()
  const login = request.url === '/api/session' && request.method === 'POST'
  response.writeHead(login ? 201 : 200, headers).end(login ? session : body)
})

// Idle connections outlive every pause between rounds, so that no contender has to reconnect.
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
process.once('disconnect', () => process.exit())
