/**
 * The raw limit of a fan-out over Server-Sent Events: what a WebSocket sends goes to all streams. Each event is made once, and
 * written with `response.write`; with `socket` as the second argument to the socket itself, without chunked framing.
 */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'

const straight = process.argv[3] === 'socket'
const streams = new Set<ServerResponse | Socket>()

const http = createServer((_request, response) => {
  if (straight) response.useChunkedEncodingByDefault = false
  response.writeHead(200, { 'content-type': 'text/event-stream', ...(straight ? { connection: 'close' } : {}) })
  response.flushHeaders()
  const stream = straight ? response.socket! : response
  streams.add(stream)
  response.once('close', () => streams.delete(stream))
})
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
server.on('connection', (ws) => {
  ws.on('message', (body: Buffer) => {
    const { ref } = JSON.parse(body.toString()) as { ref: number }
    const event = Buffer.concat([Buffer.from(`id: ${ref}\ndata: `), body, Buffer.from('\n\n')])
    for (const stream of streams) stream.write(event)
    ws.send(`{"type":"ack","ref":${ref}}`)
  })
})
http.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: (http.address() as AddressInfo).port })))
