import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Connection, createFlusher, type Sink } from './connection.ts'
import { EncodedFrame } from './encoding.ts'

type Options = { maxBufferedBytes?: number; kind?: Sink['kind']; flushLater?: ReturnType<typeof createFlusher> }

function open(options: Options = {}) {
  const writes: string[] = []
  const closed: [number, string][] = []
  const state = { buffered: 0, drained: Promise.resolve(true) }
  const sink: Sink = {
    kind: options.kind ?? 'sse',
    write: (bytes) => void writes.push(bytes.toString()),
    buffered: () => state.buffered,
    drained: () => state.drained,
    close: (code, reason) => void closed.push([code, reason]),
    ping: () => {},
  }
  const ended: string[] = []
  const identity = { id: 'c1', user_id: 7, session_id: 's1' }
  const connection = new Connection(identity, sink, {
    limits: { maxBufferedBytes: options.maxBufferedBytes ?? 10_000 },
    flushLater: options.flushLater ?? createFlusher(),
    onClosed: (_closed, reason) => void ended.push(reason),
  })
  const data = () => [...writes.join('').matchAll(/data: (.*)\n\n/g)].map((match) => match[1])
  return { connection, writes, closed, ended, state, data }
}

test('what one turn of the loop brings leaves in one write, in order', async () => {
  const { connection, writes, data } = open()
  for (const json of ['1', '2', '3']) connection.sendJson(json)
  assert.deepEqual(writes, [])
  await turn()
  assert.equal(writes.length, 1)
  connection.sendJson('4')
  await turn()
  assert.equal(writes.length, 2)
  assert.deepEqual(data(), ['1', '2', '3', '4'])
})

test('a turn that takes long does not keep frames to its end', async () => {
  let clock = 0
  const flushLater = createFlusher(() => clock)
  const [first, second, third] = [open({ flushLater }), open({ flushLater }), open({ flushLater })]
  first.connection.sendJson('1')
  clock = 20
  second.connection.sendJson('2')
  assert.deepEqual([first.data(), second.data()], [[], []])
  clock = 21
  third.connection.sendJson('3')
  assert.deepEqual([first.data(), second.data(), third.data()], [['1'], ['2'], ['3']])
  second.connection.sendJson('4')
  assert.deepEqual(second.data(), ['2'])
  await turn()
  assert.deepEqual(second.data(), ['2', '4'])
})

test('held frames wait, what is sent ahead overtakes them, and release lets them follow in order', async () => {
  const { connection, data } = open()
  connection.sendJson('before')
  connection.hold()
  connection.sendJson('live 1')
  connection.sendAhead('replay 1')
  connection.hold()
  connection.sendJson('live 2')
  connection.sendAhead('replay 2')
  await turn()
  assert.deepEqual(data(), ['before', 'replay 1', 'replay 2'])
  connection.release()
  await turn()
  assert.deepEqual(data(), ['before', 'replay 1', 'replay 2'], 'held twice')
  connection.release()
  connection.sendJson('after')
  await turn()
  assert.deepEqual(data(), ['before', 'replay 1', 'replay 2', 'live 1', 'live 2', 'after'])
})

test('each transport gets its own bytes of the same frame', async () => {
  const { connection, writes } = open({ kind: 'ws' })
  const frame = new EncodedFrame('{"a":1}', 'e.1')
  connection.send(frame)
  await turn()
  assert.equal(writes[0], frame.ws.toString())
})

test('a reader that lets too much pile up is closed as slow_reader, whatever holds the bytes', async () => {
  for (const fill of ['queue', 'held', 'socket'] as const) {
    const { connection, closed, ended, state, writes } = open({ maxBufferedBytes: 100 })
    if (fill === 'held') connection.hold()
    if (fill === 'socket') state.buffered = 101
    else for (let i = 0; i < 3; i++) connection.sendJson('x'.repeat(25))
    assert.deepEqual(closed, [], `${fill}: within the limit`)
    connection.sendJson('x'.repeat(25))
    assert.deepEqual(closed, [[4002, 'slow_reader']], fill)
    assert.deepEqual(ended, ['slow_reader'], fill)
    assert.equal(connection.closed, true)
    await turn()
    assert.deepEqual(writes, [], `${fill}: nothing more is written`)
  }
})

test('what is sent ahead waits for a slow client, portion by portion, and counts as its sign of life', async () => {
  const { connection, state, data, closed } = open({ maxBufferedBytes: 1_600 })
  connection.hold()
  await connection.portionTaken()
  const [drained, drain] = [Promise.withResolvers<boolean>(), () => drained.resolve(true)]
  state.drained = drained.promise
  connection.sendAhead('x'.repeat(connection.portionBytes + 1))
  connection.alive = false
  let taken = false
  const taking = connection.portionTaken().then(() => (taken = true))
  await turn()
  assert.equal(data().length, 1, 'written without waiting for the end of the turn')
  assert.equal(taken, false)
  drain()
  await taking
  assert.equal(connection.alive, true)
  assert.deepEqual(closed, [])
})

test('a client that takes no portion in time is closed as slow_reader', async () => {
  const { connection, state, closed } = open({ maxBufferedBytes: 1_600 })
  state.drained = Promise.resolve(false)
  connection.sendAhead('x'.repeat(200))
  await connection.portionTaken()
  assert.deepEqual(closed, [[4002, 'slow_reader']])
  await connection.portionTaken()
})

test('closing sends what was queued first, once, and nothing after', async () => {
  const { connection, data, closed, ended } = open()
  connection.sendJson('last')
  connection.close('shutting_down')
  connection.close('internal_error')
  connection.sendJson('too late')
  connection.sendAhead('too late')
  await turn()
  assert.deepEqual(data(), ['last'])
  assert.deepEqual(closed, [[4001, 'shutting_down']])
  assert.deepEqual(ended, ['shutting_down'])
})
