import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Cleanup } from '@bigtech/testkit'
import type { TestService } from './chat-service.fixture.ts'

export type Frame = Record<string, unknown> & { type: string }

export type TestStream = {
  /** All that came, in order. */
  frames: Frame[]
  /** The first frame so far or to come that is like this. */
  frame(like: (frame: Frame) => boolean): Promise<Frame>
  send(text: string): void
  /** Sends a command with a `ref` of its own. @returns its `ack` or `error`, without the ref */
  command(type: string, fields?: object): Promise<Frame>
  /** The latest place that a frame told, to resume after. */
  token(): string
  close(): Promise<void>
}

/** A WebSocket of one person to a service, over a real socket. */
export async function openStream(t: Cleanup, service: TestService, by: number, token?: string): Promise<TestStream> {
  const address = await service.listen()
  const { ticket } = (await service.call<{ ticket: string }>(by, 'POST', '/stream/ticket')).body
  const query = new URLSearchParams({ ticket, ...(token === undefined ? {} : { token }) })
  const socket = new WebSocket(`${address.replace('http', 'ws')}/ws?${query.toString()}`)
  t.after(() => socket.close())
  const frames: Frame[] = []
  const waiting = new Set<() => void>()
  socket.addEventListener('message', ({ data }) => {
    frames.push(JSON.parse(String(data)) as Frame)
    for (const look of waiting) look()
  })
  socket.addEventListener('close', () => waiting.forEach((look) => look()))
  await once(socket, 'open')

  const frame: TestStream['frame'] = (like) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = frames.find(like)
        if (found) resolve(found)
        else if (socket.readyState === WebSocket.CLOSED) reject(new Error(`closed after ${JSON.stringify(frames)}`))
        else return
        waiting.delete(look)
      }
      waiting.add(look)
      look()
    })
  let refs = 0
  await frame(({ type }) => type === 'hello')
  return {
    frames,
    frame,
    send: (text) => socket.send(text),
    async command(type, fields = {}) {
      const own = ++refs
      socket.send(JSON.stringify({ type, ref: own, ...fields }))
      const { ref: _ref, ...answer } = await frame(({ ref }) => ref === own)
      return answer
    },
    token() {
      const latest = frames.findLast((one) => typeof one['token'] === 'string')
      assert.ok(latest, JSON.stringify(frames))
      return latest['token'] as string
    },
    async close() {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}
