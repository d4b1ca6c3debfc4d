import { isoTime, newId, type Clock } from '@bigtech/kernel'
import {
  createHub,
  onSessionRevoked,
  roomChannel,
  userChannel,
  type Broker,
  type CloseReason,
  type Connection,
  type Hub,
  type Sink,
} from '@bigtech/realtime'
import type { Logger, Metrics } from '@bigtech/telemetry'
import { chatErrors } from '../../contract/errors.ts'
import type { ChangeFeed, FocusStore, Memberships, PresenceBeats, TicketHolder } from '../../ports.ts'
import { createGate } from './gate.ts'
import { Seats } from './seats.ts'
import { publishChange } from '../../views/frames.ts'
import { createResume } from '../resume-stream/resume-stream.ts'

export type StreamOptions = {
  heartbeatMs: number
  maxBufferedBytes: number
  maxConnections: number
  /** Open at a time. */
  maxPerUser: number
  maxPerNetwork: number
  /** Resumes read the store: more than these at a time wait their turn. */
  maxConcurrentResumes: number
}

export type Streams = {
  hub: Hub
  seats: Seats
  /** Waits its turn. @throws TOO_MANY_CONNECTIONS before the hand-shake, so that it can be answered with 503 */
  admit(): Promise<void>
  /** Subscribes the connection to all its rooms. If there is a token, the replay goes on when this resolves, and live frames follow it. */
  open(holder: TicketHolder, sink: Sink, token: string | undefined): Promise<Connection>
  resume(connection: Connection, token: string): Promise<void>
  close(): Promise<void>
}

/** Presence lives 60 s: a sign of life with every third heartbeat (45 s) keeps it. */
const BEATS_PER_SIGN = 3

/** A hand-shake with its resume takes about half a millisecond, and a turn of the loop should take a few. */
const ADMITTED_PER_TURN = 8

/** A room counts as recently active, for heartbeats, this long. */
const RECENT_MS = 45_000

export function createStreams(
  ports: {
    feed: ChangeFeed
    rooms: Memberships
    broker: Broker
    local: Broker
    clock: Clock
    metrics: Metrics
    logger: Logger
    presence: PresenceBeats
    focus: FocusStore
  },
  options: StreamOptions,
): Streams {
  const { feed, rooms, broker, clock } = ports
  /** Rooms by their latest change, the longest ago first. */
  const recent = new Map<string, { room_id: number; rev: number; at: number }>()
  const closes = ports.metrics.counter({
    name: 'stream_closes_total',
    help: 'Streams closed by this side',
    labelNames: ['reason'],
  })
  /** How to stop what the feed tells for a connection. */
  const following = new Map<Connection, () => void>()
  const gate = createGate(ADMITTED_PER_TURN)
  let closing = false

  const hub = createHub({
    broker,
    limits: { maxBufferedBytes: options.maxBufferedBytes },
    heartbeatMs: options.heartbeatMs,
    heartbeat,
    onClosed: (_connection: Connection, reason: CloseReason) => closes.inc({ reason }),
    onDetached(connection: Connection) {
      following.get(connection)?.()
      following.delete(connection)
      void ports.focus.set({ user_id: connection.user_id, connection_id: connection.id }, null)
    },
  })
  const endedSessions = onSessionRevoked(broker, ({ session_id, user_id }) => {
    for (const connection of hub.ofUser(user_id))
      if (connection.session_id === session_id) connection.close('session_ended')
  })
  feed.onCommitted((change, token) => {
    publishChange(ports.local, change, token)
    if (change.kind !== 'message' && change.kind !== 'changed') return
    const { room_id, rev } = change.row
    const channel = roomChannel(room_id)
    recent.delete(channel)
    recent.set(channel, { room_id, rev, at: clock.now() })
  })
  ports.metrics.gauge({
    name: 'stream_connections',
    help: 'Open streams',
    labelNames: ['transport'],
    collect(gauge) {
      for (const transport of ['ws', 'sse'] as const) gauge.set({ transport }, hub.connections(transport))
    },
  })
  ports.metrics.gauge({
    name: 'stream_deliveries',
    help: 'Frames handed to streams since the start',
    collect: (gauge) => gauge.set(hub.deliveries()),
  })

  /** Heads of the connection's rooms with recent traffic, so that a lost last frame is noticed too. */
  function heartbeat(connection: Connection): { json: string; token: string } {
    const now = clock.now()
    if (Math.floor(now / options.heartbeatMs) % BEATS_PER_SIGN === 0) ports.presence.beat(connection.user_id)
    for (const [channel, { at }] of recent) {
      if (now - at <= RECENT_MS) break
      recent.delete(channel)
    }
    const heads: Record<string, number> = {}
    const fewer = recent.size < connection.channels.size ? recent : connection.channels
    for (const channel of fewer.keys()) {
      const head = connection.channels.has(channel) ? recent.get(channel) : undefined
      if (head) heads[head.room_id] = head.rev
    }
    const token = feed.token()
    return { json: JSON.stringify({ type: 'heartbeat', at: isoTime(now), heads, token }), token }
  }

  const resume = createResume({ ...ports, hub }, options.maxConcurrentResumes)

  return {
    hub,
    seats: new Seats({ perUser: options.maxPerUser, perNetwork: options.maxPerNetwork }),
    async admit() {
      await gate()
      if (closing || hub.connections() >= options.maxConnections)
        throw chatErrors.TOO_MANY_CONNECTIONS({ retryAfterS: 1 + Math.floor(Math.random() * 10) })
    },
    async open(holder, sink, token) {
      const connection = hub.attach({ id: newId(), user_id: holder.user_id, session_id: holder.session_id }, sink)
      ports.presence.beat(holder.user_id)
      // What is committed while the rooms are looked up waits behind the greeting.
      connection.hold()
      connection.told = new Set()
      let start: string
      try {
        // News of one's own rooms arrive before the rooms are read, and all frames of those before the greeting.
        await hub.subscribe(connection, userChannel(holder.user_id), 0)
        const stop = await feed.follow(holder.user_id, () => connection.close('internal_error'))
        if (connection.closed) stop()
        else following.set(connection, stop)
        start = feed.token()
        const subscribed = new Set<Promise<void>>()
        for (const { room_id, join_seq } of await rooms.roomIdsOf(holder.user_id)) {
          const channel = roomChannel(room_id)
          // Who leaves while the rooms are read may be told of it first, and must not come in again.
          if (!connection.told.has(channel)) subscribed.add(hub.subscribe(connection, channel, join_seq))
        }
        connection.told = undefined
        await Promise.all(subscribed)
      } catch (error) {
        ports.logger.warn({ err: error, user_id: holder.user_id }, 'a stream was not opened and is closed')
        connection.close('internal_error')
        return connection
      }
      const hello = {
        type: 'hello',
        connection_id: connection.id,
        user_id: holder.user_id,
        heartbeat_ms: options.heartbeatMs,
        resumed: token !== undefined,
        token: token ?? start,
      }
      connection.sendAhead(JSON.stringify(hello), token === undefined ? start : '')
      if (token !== undefined) void resume(connection, token)
      connection.release()
      return connection
    },
    resume,
    async close() {
      closing = true
      endedSessions.stop()
      await hub.close('shutting_down')
    },
  }
}
