import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createHub, createMemoryBroker, roomChannel } from '@bigtech/realtime'
import { row } from '../domain/message.fixture.ts'
import { publishChange } from './frames.ts'

const rowOf = (seq: number) => ({ ...row, room_id: 3, seq, rev: seq })

it('no message from before joining reaches whoever was subscribed ahead of the news of it', async () => {
  const broker = createMemoryBroker()
  const hub = createHub({
    broker,
    limits: { maxBufferedBytes: 10_000 },
    heartbeatMs: 15_000,
    heartbeat: () => ({ json: '{}', token: '' }),
  })
  const connect = (userId: number, joinSeq: number) => {
    const writes: string[] = []
    const sink = {
      kind: 'sse' as const,
      write: (bytes: Buffer) => void writes.push(bytes.toString()),
      drained: async () => true,
      buffered: () => 0,
      close: () => {},
      ping: () => {},
    }
    const connection = hub.attach({ id: `c${userId}`, user_id: userId, session_id: `s${userId}` }, sink)
    void hub.subscribe(connection, roomChannel(3), joinSeq)
    return () => {
      connection.flush()
      return [...writes.join('').matchAll(/"seq":(\d+)/g)].map((match) => Number(match[1]))
    }
  }
  const [always, back] = [connect(1, 0), connect(2, 25)]
  for (const seq of [24, 25, 26])
    publishChange(broker, { kind: 'message', row: rowOf(seq), unread_count: 1, old_read_seq: 0 }, `t${seq}`)
  assert.deepEqual([always(), back()], [[24, 25, 26], [26]])
  await hub.close('shutting_down')
})
