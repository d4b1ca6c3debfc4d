/**
 * The raw limit of a fan-out over WebSocket: what one socket sends goes to all. Each frame is made once, and its bytes written
 * straight to the sockets; with `batched` as the second argument all frames of a turn of the event loop in one write.
 */
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'

const batched = process.argv[3] === 'batched'
const sockets = new Set<Socket>()
let waiting: Buffer[] = []

/** A text frame of 126 to 65,535 bytes. */
const frameOf = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x81, 126, body.length >> 8, body.length & 0xff]), body])

function flush(): void {
  const bytes = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting)
  waiting = []
  for (const socket of sockets) socket.write(bytes)
}

const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false, clientTracking: false })
server.on('connection', (ws, request) => {
  const { socket } = request
  sockets.add(socket)
  ws.on('close', () => sockets.delete(socket))
  ws.on('message', (body: Buffer) => {
    const { ref } = JSON.parse(body.toString()) as { ref: number }
    waiting.push(frameOf(body))
    if (!batched) flush()
    else if (waiting.length === 1) setImmediate(flush)
    ws.send(`{"type":"ack","ref":${ref}}`)
  })
})
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (http.address() as AddressInfo).port })))
