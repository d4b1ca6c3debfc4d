/**
 * The raw limit of connections that only heartbeat: `ws` at `/ws`, Server-Sent Events on node:http at `/stream`, a greeting, and a
 * frame every 15 s (`ws`: after a ping), as the product sends them.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

const HEARTBEAT_MS = 15_000
/** Heartbeats are spread over their interval. */
const SLOTS = 15
const frame = (type: string) =>
  `{"type":"${type}","at":"${new Date().toISOString()}","heads":{},"token":"0123456789ab.1"}`

const slots = Array.from({ length: SLOTS }, () => ({
  sockets: new Set<WebSocket>(),
  streams: new Set<ServerResponse>(),
}))
let attached = 0
let beat = 0

const http = createServer((request, response) => {
  const { streams } = slots[attached++ % SLOTS]!
  streams.add(response)
  request.once('close', () => streams.delete(response))
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(`data: ${frame('hello')}\n\n`)
})
const server = new WebSocketServer({ server: http, perMessageDeflate: false, clientTracking: false })
server.on('connection', (socket) => {
  const { sockets } = slots[attached++ % SLOTS]!
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
  socket.send(frame('hello'))
})
setInterval(() => {
  const { sockets, streams } = slots[beat++ % SLOTS]!
  for (const socket of sockets) {
    socket.ping()
    socket.send(frame('heartbeat'))
  }
  for (const response of streams) response.write(`data: ${frame('heartbeat')}\n\n`)
}, HEARTBEAT_MS / SLOTS)
http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () =>
  console.log(JSON.stringify({ port: (http.address() as AddressInfo).port })),
)
