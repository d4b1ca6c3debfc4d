import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { frameEnvelope } from './envelope.ts'
import { createHub } from './hub.ts'
import { createMemoryBroker } from './memory-broker.ts'

/** A room with the streams of some accounts, which notes who is written to. */
function room(streams: readonly { userId: number; count: number }[]) {
  const broker = createMemoryBroker()
  const hub = createHub({
    broker,
    limits: { maxBufferedBytes: 1_000_000 },
    heartbeatMs: 15_000,
    heartbeat: () => ({ json: 'beat', token: 'e.1' }),
  })
  /** `{user}/{stream} {frames}` in the order of the writes */
  const writes: { userId: number; stream: number; text: string }[] = []
  const connections = streams.flatMap(({ userId, count }) =>
    Array.from({ length: count }, (_, stream) => {
      const connection = hub.attach(
        { id: `${userId}/${stream}`, user_id: userId, session_id: 's' },
        {
          kind: 'sse',
          write: (bytes) => void writes.push({ userId, stream, text: bytes.toString() }),
          drained: async () => true,
          buffered: () => 0,
          close: () => {},
          ping: () => {},
        },
      )
      void hub.subscribe(connection, 'room:1', 0)
      return connection
    }),
  )
  const say = (text: string) => broker.publish('room:1', frameEnvelope(JSON.stringify(text), ''))
  const got = (userId: number, text: string) =>
    writes.filter((write) => write.userId === userId && write.text.includes(JSON.stringify(text))).length
  return { hub, connections, writes, say, got }
}

test('two thousand streams of one account are written to after everybody else, and between the messages of others', async () => {
  const { hub, say, got, writes } = room([
    { userId: 1, count: 2_000 },
    { userId: 2, count: 1 },
  ])
  say('first')
  await turn()
  assert.equal(got(2, 'first'), 1)
  assert.equal(got(1, 'first'), 4, 'as many as one person has devices')
  await turn()
  say('second')
  await turn()
  assert.equal(got(2, 'second'), 1)
  assert.ok(got(1, 'first') < 500, `${got(1, 'first')} of them came before`)
  while (got(1, 'second') < 2_000) await turn()
  assert.equal(got(1, 'first'), 2_000)
  const late = writes.filter(({ userId, stream }) => userId === 1 && stream === 1_999).map(({ text }) => text)
  assert.deepEqual(late, ['data: "first"\n\ndata: "second"\n\n'], 'in order, in one write')
  await hub.close('shutting_down')
})

test('when a stream of an account ends, the next one takes its turn', async () => {
  const { hub, connections, say, got } = room([{ userId: 1, count: 10 }])
  hub.detach(connections[0]!)
  hub.detach(connections[9]!)
  say('first')
  await turn()
  assert.equal(got(1, 'first'), 4)
  await hub.close('shutting_down')
})
