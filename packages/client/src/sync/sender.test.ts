import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MessagesApi } from '../api/messages.ts'
import { ApiError, NetworkError } from '../errors.ts'
import type { Connection } from '../stream/connection.ts'
import type { FileInfo, Message, NewMessage } from '../types.ts'
import type { Outbox, OutboxEntry } from './outbox.ts'
import { reduce } from './reduce.ts'
import { createSender } from './sender.ts'
import { emptyState, type RoomState, type SyncState } from './state.ts'

const room = { id: 1, outgoing: [], window: null, members: null, last_message: null, last_seq: 0, typing: new Map() }
const joined: SyncState = { ...emptyState, loaded: true, rooms: new Map([[1, room as unknown as RoomState]]) }
const answered = () => new Promise((resolve) => setImmediate(resolve))
const refused = (status: number, code: string, retryAfterMs?: number) => new ApiError({ status, code, retryAfterMs })
const picture = (name: string, type = 'image/png') => ({ blob: new Blob([name], { type }), name })

/** A sender, its room, a server that does as it is told, and an outbox with what an earlier program left. */
function world(left: OutboxEntry[] = [], already = true) {
  let state = joined
  const listeners = new Set<(state: SyncState) => void>()
  const become = (next: SyncState) => {
    state = next
    for (const listener of listeners) listener(state)
  }
  const kept = new Map<string, OutboxEntry>(left.map((entry) => [entry.client_message_id, entry]))
  const outbox: Outbox = {
    adopt: async (take) => take([...kept.values()]),
    put: async (entry) => void kept.set(entry.client_message_id, entry),
    remove: async (id) => void kept.delete(id),
  }
  /** What the server was asked, and what it is to say: an error, or nothing for yes. */
  const asked: string[] = []
  const errors: (Error | undefined)[] = []
  const posted: (NewMessage & { kept: OutboxEntry | undefined })[] = []
  const signals: AbortSignal[] = []
  const waits: (number | undefined)[] = []
  let hangs = false
  let files = 0
  const answer = async (what: string, signal: AbortSignal): Promise<void> => {
    asked.push(what)
    signals.push(signal)
    const error = errors.shift()
    if (error) throw error
    if (hangs) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new NetworkError('cut'))))
  }
  const messages: Pick<MessagesApi, 'send'> = {
    async send(_room, message, call) {
      posted.push({ ...message, kept: kept.get(message.client_message_id!) })
      await answer(`send ${message.content || message.file_id}`, call!.signal!)
      return { seq: posted.length } as Message
    },
  }
  const sender = createSender({
    state: () => state,
    dispatch: (event) => become(reduce(state, event).state),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    connection: () => ({ commands: false }) as unknown as Connection,
    messages: messages as MessagesApi,
    files: {
      async upload(blob, options) {
        options?.onProgress?.(1, 2)
        await answer(`upload ${options?.name}`, options!.signal!)
        return { id: `file${++files}`, type: blob.type, has_thumbnail: blob.type === 'image/png' } as FileInfo
      },
    },
    pauses: {
      async pause(_attempt, atLeastMs) {
        waits.push(atLeastMs)
        await answered()
        return true
      },
      wake: () => {},
    },
    now: () => 5,
    over: new AbortController().signal,
    outbox,
  })
  if (already) void sender.restore()
  const outgoing = () => state.rooms.get(1)!.outgoing
  const hang = (on: boolean) => (hangs = on)
  return { sender, become, kept, asked, errors, posted, signals, waits, listeners, outgoing, hang }
}

const entry = (client_message_id: string, fields: Partial<OutboxEntry> = {}): OutboxEntry => ({
  client_message_id,
  room_id: 1,
  content: client_message_id,
  message_type: 'text',
  reply_to: null,
  file_id: null,
  upload: null,
  created_at: 1,
  refusal: null,
  ...fields,
})
const blocked = { status: 403, code: 'BLOCKED', detail: 'no', errors: [], traceId: '', retryAfterMs: undefined }

describe('sending', () => {
  it('a message whose room is left while it is under way is given up, and not sent when one is back', async () => {
    const { sender, become, signals, listeners, outgoing, hang, kept } = world()
    await answered()
    const before = listeners.size
    hang(true)
    sender.send(1, { content: 'on its way' })
    assert.equal(outgoing().length, 1)
    await answered()
    assert.equal(signals[0]!.aborted, false)
    become({ ...joined, rooms: new Map() })
    assert.equal(signals[0]!.aborted, true)
    become(joined)
    await answered()
    assert.equal(signals.length, 1)
    assert.equal(listeners.size, before)
    assert.equal(kept.size, 0)
  })

  it('texts and files are stored in the order of sending, though the network fails in between', async () => {
    const { sender, errors, asked, posted } = world()
    await answered()
    errors.push(new NetworkError('gone'), undefined, new NetworkError('gone'))
    sender.send(1, { message_type: 'image', upload: picture('a'), reply_to: 'msg_1_1' })
    sender.send(1, { content: 'in between' })
    sender.send(1, { message_type: 'image', upload: picture('b', 'image/bmp') })
    for (let i = 0; i < 9; i++) await answered()
    assert.deepEqual(asked, [
      'upload a',
      'upload a',
      'send file1',
      'send file1',
      'send in between',
      'upload b',
      'send file2',
    ])
    assert.equal(posted[0]!.client_message_id, posted[1]!.client_message_id)
    assert.equal(posted[0]!.reply_to, 'msg_1_1')
    // What cannot be shown is sent as a file.
    assert.deepEqual([posted[0]!.message_type, posted[3]!.message_type], ['image', 'file'])
  })

  it('a refused message stays and is not sent again by itself; the next ones go on', async () => {
    const { sender, errors, asked, outgoing, kept } = world()
    await answered()
    errors.push(refused(403, 'BLOCKED'))
    const id = sender.send(1, { content: 'one' })
    sender.send(1, { content: 'two' })
    await answered()
    assert.deepEqual(asked, ['send one', 'send two'])
    assert.deepEqual(
      outgoing().map(({ content, status }) => [content, status]),
      [
        ['one', 'failed'],
        ['two', 'sent'],
      ],
    )
    assert.equal(kept.get(id)!.refusal?.code, 'BLOCKED')
    assert.equal(kept.size, 1, 'what is stored at the server is not kept')
    sender.retry(id)
    assert.equal(kept.get(id)!.refusal, null)
    await answered()
    assert.deepEqual(asked.slice(2), ['send one'])
    assert.equal(kept.size, 0)
  })

  it('whom it calls goes with a message through the outbox and every try; without it the server finds them', async () => {
    const { sender, errors, posted, kept } = world()
    await answered()
    errors.push(new NetworkError('gone'), refused(403, 'BLOCKED'))
    const mentions = [{ user_id: 2, offset: 0, length: 3 }]
    const id = sender.send(1, { content: '@둘 안녕', mentions })
    sender.send(1, { content: '@two' })
    for (let i = 0; i < 3; i++) await answered()
    assert.deepEqual(kept.get(id)!.mentions, mentions)
    sender.retry(id)
    for (let i = 0; i < 3; i++) await answered()
    assert.deepEqual(
      posted.map((one) => [one.content, one.mentions]),
      [
        ['@둘 안녕', mentions],
        ['@둘 안녕', mentions],
        ['@two', undefined],
        ['@둘 안녕', mentions],
      ],
    )
    assert.ok(!('mentions' in posted[2]!))
  })

  it('what the server has no time for waits as long as it says, and the messages after it too', async () => {
    const { sender, errors, asked, waits } = world()
    await answered()
    errors.push(refused(429, 'RATE_LIMITED', 7_000), refused(503, 'OVERLOADED', 3_000), refused(401, 'TOKEN_EXPIRED'))
    sender.send(1, { content: 'one' })
    sender.send(1, { content: 'two' })
    for (let i = 0; i < 9; i++) await answered()
    assert.deepEqual(asked, ['send one', 'send one', 'send one', 'send one', 'send two'])
    assert.deepEqual(waits, [7_000, 3_000, undefined])
  })

  it('an upload is taken back while it is under way, and what waits behind it goes on', async () => {
    const { sender, signals, outgoing, hang, asked, kept } = world()
    await answered()
    hang(true)
    const id = sender.send(1, { message_type: 'file', upload: picture('large') })
    sender.send(1, { content: 'behind' })
    await answered()
    assert.deepEqual([outgoing()[0]!.status, outgoing()[0]!.progress], ['uploading', 0.5])
    hang(false)
    assert.equal(sender.cancel(id), true)
    await answered()
    assert.equal(signals[0]!.aborted, true)
    assert.deepEqual(asked, ['upload large', 'send behind'])
    assert.equal(kept.size, 0)
  })
})

describe('what an earlier program left', () => {
  it('calls whom it called', async () => {
    const mentions = [{ everyone: true, offset: 0, length: 3 }] as const
    const { posted } = world([entry('old', { mentions })])
    await answered()
    assert.deepEqual(posted[0]?.mentions, mentions)
  })

  it('is sent first, in its order; what was refused then is only shown', async () => {
    const left = [entry('old 1'), entry('no', { created_at: 2, refusal: blocked }), entry('old 2', { created_at: 3 })]
    const { sender, asked, outgoing } = world(left, false)
    sender.send(1, { content: 'new' })
    await answered()
    assert.deepEqual(asked, [], 'nothing overtakes it')
    await sender.restore()
    await answered()
    assert.deepEqual(asked, ['send old 1', 'send old 2', 'send new'])
    const failed = outgoing().find(({ status }) => status === 'failed')
    assert.equal(failed?.content, 'no')
    assert.ok(failed.error instanceof ApiError && failed.error.code === 'BLOCKED')
    sender.cancel('no')
  })

  it('is let go of with its room', async () => {
    const { kept, asked } = world([entry('gone', { room_id: 2 })])
    await answered()
    assert.equal(kept.size, 0)
    assert.deepEqual(asked, [])
  })

  it('has its file at the server before its message is sent, and anew if the server has it no more', async () => {
    const { errors, asked, posted, sender } = world([
      entry('a', { content: '', message_type: 'file', upload: picture('a'), file_id: 'lost' }),
    ])
    errors.push(refused(404, 'FILE_NOT_FOUND'), undefined, refused(404, 'FILE_NOT_FOUND'))
    await answered()
    assert.deepEqual(asked, ['send lost', 'upload a', 'send file1'], 'but a new one that is not found is an error')
    assert.equal(posted[1]!.kept?.file_id, 'file1')
    sender.cancel('a')
  })
})
