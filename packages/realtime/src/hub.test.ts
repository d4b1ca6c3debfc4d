import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Broker } from './broker.ts'
import type { Sink } from './connection.ts'
import { controlEnvelope, frameEnvelope } from './envelope.ts'
import { createHub, type Hub } from './hub.ts'
import { createMemoryBroker } from './memory-broker.ts'

const HEARTBEAT_MS = 15_000
const SLOT_MS = HEARTBEAT_MS / 150

/** Counts who listens to what. */
function watchedBroker(): Broker & { listeners(): string[] } {
  const broker = createMemoryBroker()
  const listening: string[] = []
  return {
    publish: (channel, frame) => broker.publish(channel, frame),
    subscribe(channel, listener) {
      listening.push(channel)
      const { effective, stop } = broker.subscribe(channel, listener)
      return {
        effective,
        stop() {
          listening.splice(listening.indexOf(channel), 1)
          stop()
        },
      }
    },
    listeners: () => listening.toSorted((a, b) => a.localeCompare(b)),
  }
}

function open(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval', 'setImmediate'] })
  const broker = watchedBroker()
  const closed: string[] = []
  const hub = createHub({
    broker,
    limits: { maxBufferedBytes: 100_000 },
    heartbeatMs: HEARTBEAT_MS,
    heartbeat: (connection) => ({ json: `beat ${connection.id}`, token: 'e.9' }),
    onClosed: (connection, reason) => closed.push(`${connection.id} ${reason}`),
  })
  let serial = 0
  const client = (userId: number, kind: Sink['kind'] = 'sse') => {
    const id = `c${++serial}`
    const writes: string[] = []
    const state = { pings: 0, closedWith: undefined as number | undefined }
    const connection = hub.attach(
      { id, user_id: userId, session_id: `s${serial}` },
      {
        kind,
        write: (bytes) => void writes.push(bytes.toString()),
        drained: async () => true,
        buffered: () => 0,
        close: (code) => (state.closedWith = code),
        ping: () => state.pings++,
      },
    )
    /** The JSON of the frames so far. */
    const got = () => {
      t.mock.timers.tick(0)
      const text = writes.splice(0).join('')
      return kind === 'sse' ? [...text.matchAll(/data: (.*)\n/g)].map((match) => match[1]) : [text]
    }
    return { connection, got, state }
  }
  /** In steps, so that what one beat sets off happens before the next. */
  const tick = (ms: number) => {
    for (let left = ms; left >= 0; left -= SLOT_MS) t.mock.timers.tick(Math.min(left, SLOT_MS))
  }
  return { hub, broker, client, closed, tick }
}

test('a frame reaches the members of its channel, and nobody else', (t) => {
  const { hub, broker, client } = open(t)
  const [a, b, c] = [client(1), client(2), client(3)]
  void hub.subscribe(a.connection, 'room:1', 0)
  void hub.subscribe(b.connection, 'room:1', 0)
  void hub.subscribe(c.connection, 'room:2', 0)
  broker.publish('room:1', frameEnvelope('"hi"', 'e.1'))
  assert.deepEqual([a.got(), b.got(), c.got()], [['"hi"'], ['"hi"'], []])
  assert.equal(hub.deliveries(), 2)
})

test('the broker is asked for a channel while somebody wants it', (t) => {
  const { hub, broker, client } = open(t)
  const [a, b] = [client(1), client(2)]
  void hub.subscribe(a.connection, 'room:1', 0)
  void hub.subscribe(b.connection, 'room:1', 0)
  void hub.subscribe(a.connection, 'user:1', 0)
  assert.deepEqual(broker.listeners(), ['room:1', 'user:1'])
  hub.detach(a.connection)
  assert.deepEqual(broker.listeners(), ['room:1'])
  hub.detach(b.connection)
  assert.deepEqual(broker.listeners(), [])
  assert.equal(hub.connections(), 0)
  void hub.subscribe(b.connection, 'room:1', 0)
  assert.deepEqual(broker.listeners(), [], 'a connection that is gone subscribes to nothing')
})

test('a frame about something before the time of a member gets its alternative, or nothing', (t) => {
  const { hub, broker, client } = open(t)
  const [early, late] = [client(1), client(2)]
  void hub.subscribe(early.connection, 'room:1', 4)
  void hub.subscribe(late.connection, 'room:1', 5)
  broker.publish('room:1', frameEnvelope('"message 5 changed"', 'e.2', 5, '"skip"'))
  assert.deepEqual([early.got(), late.got()], [['"message 5 changed"'], ['"skip"']])
  broker.publish('room:1', frameEnvelope('"about 5"', 'e.3', 5))
  assert.deepEqual([early.got(), late.got()], [['"about 5"'], []])
})

test('control messages join and leave channels, with a floor', (t) => {
  const { hub, broker, client } = open(t)
  const [phone, laptop] = [client(1), client(1)]
  for (const { connection } of [phone, laptop]) void hub.subscribe(connection, 'user:1', 0)
  broker.publish('user:1', controlEnvelope({ op: 'join', channel: 'room:9', floor: 7 }))
  assert.equal(phone.connection.channels.get('room:9'), 7)
  broker.publish('room:9', frameEnvelope('"welcome"'))
  assert.deepEqual([phone.got(), laptop.got()], [['"welcome"'], ['"welcome"']])
  broker.publish('user:1', controlEnvelope({ op: 'leave', channel: 'room:9' }))
  broker.publish('room:9', frameEnvelope('"secret"'))
  assert.deepEqual([phone.got(), laptop.got()], [[], []])
  assert.deepEqual(broker.listeners(), ['user:1'])
})

test('connections of a user are found until they end', (t) => {
  const { hub, client, closed } = open(t)
  const [a, b] = [client(1), client(1)]
  client(2)
  assert.deepEqual(
    hub.ofUser(1).map(({ id }) => id),
    ['c1', 'c2'],
  )
  a.connection.close('session_ended')
  assert.deepEqual(closed, ['c1 session_ended'])
  assert.deepEqual(
    hub.ofUser(1).map(({ id }) => id),
    [b.connection.id],
  )
  assert.equal(hub.connections(), 2)
})

test('each connection gets one heartbeat an interval, spread over it', (t) => {
  const { client, tick } = open(t)
  const all = Array.from({ length: 300 }, (_, i) => client(i + 1))
  const beats = (each: (typeof all)[number]) =>
    each.got().filter((json) => json === `beat ${each.connection.id}`).length
  const perSlot = Array.from({ length: 150 }, () => {
    tick(SLOT_MS)
    return all.map(beats).reduce((sum, count) => sum + count, 0)
  })
  assert.deepEqual(
    perSlot,
    Array.from({ length: 150 }, () => 2),
  )
  tick(HEARTBEAT_MS)
  assert.deepEqual(
    all.map(beats),
    all.map(() => 1),
  )
})

test('a WebSocket that answers no ping is closed; one that gives any sign of life stays', (t) => {
  const { client, tick, closed } = open(t)
  const [dead, alive, sse] = [client(1, 'ws'), client(2, 'ws'), client(3, 'sse')]
  tick(HEARTBEAT_MS)
  alive.connection.alive = true
  assert.deepEqual(closed, [])
  assert.deepEqual([dead.state.pings, alive.state.pings], [1, 1])
  tick(HEARTBEAT_MS)
  assert.deepEqual(closed, ['c1 ping_timeout'])
  assert.equal(dead.state.closedWith, 4003)
  assert.equal(sse.state.closedWith, undefined)
})

test('closing the hub tells everybody and stops the beats', async (t) => {
  const { hub, client, tick, closed } = open(t)
  const [a, b] = [client(1), client(2, 'ws')]
  await closeAll(hub, tick)
  assert.deepEqual(closed, ['c1 shutting_down', 'c2 shutting_down'])
  assert.deepEqual([a.state.closedWith, b.state.closedWith], [4001, 4001])
  a.got()
  tick(HEARTBEAT_MS * 2)
  assert.deepEqual(a.got(), [])
})

test('a room that is left is heard no more, nor what of it waits behind a replay; other rooms are', async (t) => {
  const { hub, broker, client, tick } = open(t)
  const one = client(1)
  await hub.subscribe(one.connection, 'room:1', 0)
  await hub.subscribe(one.connection, 'room:2', 0)
  one.connection.hold()
  broker.publish('room:1', frameEnvelope('a'))
  broker.publish('room:2', frameEnvelope('b'))
  hub.leave(one.connection, 'room:1')
  broker.publish('room:1', frameEnvelope('c'))
  one.connection.release()
  broker.publish('room:1', frameEnvelope('d'))
  tick(0)
  assert.deepEqual(one.got(), ['b'])
  assert.deepEqual(broker.listeners(), ['room:2'])
})

const closeAll = async (hub: Hub, tick: (ms: number) => void) => {
  const closing = hub.close('shutting_down')
  tick(0)
  await closing
}
