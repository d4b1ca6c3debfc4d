/** The raw limit of a relay that stores nothing: what a socket of a pair sends goes to the other, and is acknowledged at once. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

const sockets = new Map<string, { socket: WebSocket; inner: Socket }>()
const corked = new Set<Socket>()

/** What one turn of the event loop brings leaves in one write a socket. */
function cork(inner: Socket): void {
  if (corked.has(inner)) return
  if (corked.size === 0)
    setImmediate(() => {
      for (const each of corked) each.uncork()
      corked.clear()
    })
  corked.add(inner)
  inner.cork()
}

const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
server.on('connection', (socket, request: IncomingMessage) => {
  const [, pair = '', side = ''] = request.url!.split('/')
  const from = { socket, inner: request.socket }
  sockets.set(pair + side, from)
  socket.on('message', (body: Buffer) => {
    const { ref } = JSON.parse(body.toString()) as { ref: number }
    const to = sockets.get(pair + (side === 'a' ? 'b' : 'a'))!
    cork(to.inner)
    cork(from.inner)
    to.socket.send(body, { binary: false })
    from.socket.send(`{"type":"ack","ref":${ref}}`)
  })
})
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (http.address() as AddressInfo).port })))
