import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import {
  call,
  openDirect,
  registerAll,
  startTestServer,
  type Frame,
  type Message,
  type Person,
} from '../support/index.ts'

const { urls, chats } = await startTestServer({ after }, { STREAM_HEARTBEAT: '1s', STREAM_BUFFER: '256KB' })

/** What any disk takes well within the time after which a command's outcome is unknown. */
const AT_ONCE = 20

describe('a slow reader', () => {
  const closes = async (reason: string) => {
    let closed = 0
    for (const chat of chats) {
      const { text } = await call('GET', `${chat}/metrics`)
      closed += Number(new RegExp(`^stream_closes_total\\{.*reason="${reason}".*\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
    }
    return closed
  }
  /** Fills the room until somebody is closed for not reading: sockets of this machine take some megabytes first. */
  async function flood(from: Person, roomId: number, onClosed: () => void): Promise<void> {
    const before = await closes('slow_reader')
    const seen = new AbortController()
    // A reader that goes on reading only after all of a round was sent may have lost its connection by then.
    const closed = eventually(async () => assert.notEqual(await closes('slow_reader'), before, 'nobody was closed'), {
      timeoutMs: 60_000,
    }).then(() => {
      seen.abort()
      onClosed()
    })
    for (let sent = 0; !seen.signal.aborted && sent < 480; sent += AT_ONCE) await sayLong(from, roomId, AT_ONCE)
    await closed
  }
  /** 30 kB each. */
  async function sayLong(from: Person, roomId: number, messages: number): Promise<void> {
    for (let left = messages; left > 0; left -= AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, () => from.say(roomId, '가'.repeat(10_000))))
  }
  const replayedSeqs = (frames: readonly Frame[]) =>
    frames.flatMap((frame) => (frame.type === 'changes' ? (frame['messages'] as Message[]).map(({ seq }) => seq) : []))
  const sequence = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
  const lastSeq = async (who: Person, roomId: number) => (await who.room(roomId)).last_seq

  it('on SSE is cut, resumes, and has everything', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const token = (await other.sse(t)).token()!
    const slow = request(`${urls.gateway}/api/stream`, { headers: { authorization: `Bearer ${other.token}` } })
    t.after(() => slow.destroy())
    slow.on('error', () => {})
    let flooding: Promise<void> | undefined
    const ended = new Promise<void>((resolve, reject) => {
      slow.once('response', (response) => {
        response.on('error', () => resolve()).on('close', () => resolve())
        response.pause()
        // Nothing is read until the room has been filled.
        flooding = flood(one, room.id, () => response.resume())
        flooding.catch(reject)
      })
    })
    slow.end()
    await ended
    await flooding
    const resumed = await other.sse(t, token)
    await resumed.seen('replayed')
    assert.deepEqual(replayedSeqs(resumed.frames), sequence(await lastSeq(other, room.id)))
  })

  it('on WebSocket is closed with 4002, resumes, and has everything', async (t) => {
    const [one, other] = await registerAll(urls, '하나', '둘')
    const room = await openDirect(one, other)
    const slow = await other.ws(t)
    const token = slow.token()!
    slow.socket.pause()
    await flood(one, room.id, () => slow.socket.resume())
    assert.deepEqual(await slow.closed(), { code: 4002, reason: 'slow_reader' })
    // More than sockets and the server's buffer hold together.
    const more = 490 - (await lastSeq(other, room.id))
    await sayLong(one, room.id, more)
    const missed = await lastSeq(other, room.id)
    const resumed = await other.ws(t, { token })
    // It is sent as fast as the client takes it, and live messages wait behind it.
    resumed.socket.pause()
    const live = await one.say(room.id, '그 사이에')
    resumed.socket.resume()
    await resumed.seen((frame) => frame.message?.id === live.id)
    assert.ok(resumed.frames.some(({ type }) => type === 'replayed'))
    // The replay may have begun late enough to hold it too: it is known by its rev.
    assert.deepEqual(
      replayedSeqs(resumed.frames).filter((seq) => seq !== live.seq),
      sequence(missed),
    )
  })
})
