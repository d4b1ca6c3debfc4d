import { WebSocket } from 'ws'
import type { WireFrame } from './model.ts'
import type { Line, LineEvents } from './line.ts'

/** `GET /ws` with the stock library, as it comes. */
export function openWsLine(options: { url: string; bearer: string; token: string | undefined }, on: LineEvents): Line {
  const query = options.token === undefined ? '' : `?${new URLSearchParams({ token: options.token }).toString()}`
  const socket = new WebSocket(`${options.url.replace(/^http/, 'ws')}/ws${query}`, {
    headers: { authorization: `Bearer ${options.bearer}` },
  })
  let status: number | undefined
  let dropped = false
  socket.on('unexpected-response', (request, response) => {
    status = response.statusCode
    request.destroy()
  })
  socket.on('message', (data: Buffer) => dropped || on.frame(JSON.parse(data.toString('utf8')) as WireFrame))
  socket.on('error', () => {})
  socket.once('close', (code, reason) => dropped || on.ended({ code, status, reason: reason.toString('utf8') }))
  return {
    send(command) {
      if (socket.readyState !== WebSocket.OPEN) return false
      socket.send(JSON.stringify(command))
      return true
    },
    drop() {
      dropped = true
      socket.terminate()
    },
    hurry: () => {},
  }
}
