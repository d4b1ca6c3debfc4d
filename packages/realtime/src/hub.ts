import type { Broker, BrokerSubscription } from './broker.ts'
import type { CloseReason } from './close-codes.ts'
import { Connection, createFlusher, type ConnectionLimits, type ConnectionOwner, type Sink } from './connection.ts'
import { EncodedFrame } from './encoding.ts'
import { parseEnvelope, type Control } from './envelope.ts'

export type Hub = {
  attach(identity: { id: string; user_id: number; session_id: string }, sink: Sink): Connection
  /** The transport's peer is gone. */
  detach(connection: Connection): void
  /** Resolves when the connection gets every frame that is published from then on. */
  subscribe(connection: Connection, channel: string, floor: number): Promise<void>
  /** The connection gets no more frames of the channel, nor those of them that wait for a replay. */
  leave(connection: Connection, channel: string): void
  /** Open ones, of all transports or of one. */
  connections(kind?: Sink['kind']): number
  ofUser(userId: number): readonly Connection[]
  /** Frames written to sockets since the start. */
  deliveries(): number
  /** Tells everybody to connect elsewhere; resolves when all sockets were ended. */
  close(reason: CloseReason): Promise<void>
}

type Listening = {
  members: Set<Connection>
  /** No floor of a member is above it; a frame above it is for all. */
  highestFloor: number
  subscription: BrokerSubscription
}

/** A phone, a tablet, a computer, a window more: further streams of an account are served after everybody else. */
const PROMPT_PER_USER = 4

const NOTHING_TO_WAIT_FOR = Promise.resolve()

/** Beats are spread over the interval, so that 20,000 idle connections hold the loop for a few milliseconds at a time. */
const SLOTS = 150

/**
 * The connections of this node and the channels they listen to. The broker is asked for a channel while at least one
 * connection wants it. Each frame is encoded once.
 * @param options.heartbeat what a connection's heartbeat says, and the resume token it carries
 */
export function createHub(options: {
  broker: Broker
  limits: ConnectionLimits
  heartbeatMs: number
  heartbeat: (connection: Connection) => { json: string; token: string }
  onClosed?: (connection: Connection, reason: CloseReason) => void
  /** Once for each that was attached, whoever ended it. */
  onDetached?: (connection: Connection) => void
}): Hub {
  const { broker } = options
  /** Each with the slot it beats in. */
  const all = new Map<Connection, Set<Connection>>()
  const byUser = new Map<number, Set<Connection>>()
  const channels = new Map<string, Listening>()
  let delivered = 0
  const slots = Array.from({ length: SLOTS }, () => new Set<Connection>())
  let attached = 0
  let slot = 0

  const deliver = (channel: string, text: string) => {
    const { members, highestFloor } = channels.get(channel)!
    const envelope = parseEnvelope(text)
    if ('control' in envelope) return control(members, envelope.control)
    const { json, token, level, alternative } = envelope.frame
    const frame = new EncodedFrame(json, token)
    const other = alternative ? new EncodedFrame(alternative, token) : undefined
    if (level > highestFloor) {
      for (const connection of members) connection.send(frame, channel)
      delivered += members.size
      return
    }
    for (const connection of members) {
      const before = (connection.channels.get(channel) ?? 0) >= level
      if (before && !other) continue
      connection.send(before ? other! : frame, channel)
      delivered++
    }
  }

  const control = (members: Set<Connection>, instruction: Control) => {
    for (const connection of members) {
      connection.told?.add(instruction.channel)
      if (instruction.op === 'join') void subscribe(connection, instruction.channel, instruction.floor)
      else unsubscribe(connection, instruction.channel)
    }
  }

  const subscribe = (connection: Connection, channel: string, floor: number): Promise<void> => {
    if (connection.closed) return NOTHING_TO_WAIT_FOR
    connection.channels.set(channel, floor)
    const known = channels.get(channel)
    if (known) {
      known.members.add(connection)
      known.highestFloor = Math.max(known.highestFloor, floor)
      return known.subscription.effective
    }
    const subscription = broker.subscribe(channel, (text) => deliver(channel, text))
    channels.set(channel, { members: new Set([connection]), highestFloor: floor, subscription })
    return subscription.effective
  }

  const unsubscribe = (connection: Connection, channel: string) => {
    connection.channels.delete(channel)
    const entry = channels.get(channel)
    if (!entry?.members.delete(connection) || entry.members.size > 0) return
    entry.subscription.stop()
    channels.delete(channel)
  }

  const promote = (siblings: Set<Connection>) => {
    for (const connection of siblings) {
      if (!connection.surplus) continue
      connection.surplus = false
      return
    }
  }

  const detach = (connection: Connection) => {
    connection.closed = true
    const beating = all.get(connection)
    if (!beating) return
    all.delete(connection)
    beating.delete(connection)
    for (const channel of connection.channels.keys()) unsubscribe(connection, channel)
    const siblings = byUser.get(connection.user_id)
    siblings?.delete(connection)
    if (siblings?.size === 0) byUser.delete(connection.user_id)
    if (siblings && !connection.surplus) promote(siblings)
    options.onDetached?.(connection)
  }

  const beat = () => {
    slot = (slot + 1) % SLOTS
    for (const connection of slots[slot]!) {
      if (!connection.alive) {
        connection.close('ping_timeout')
        continue
      }
      if (connection.sink.kind === 'ws') connection.alive = false
      connection.sink.ping()
      const { json, token } = options.heartbeat(connection)
      connection.sendJson(json, token)
    }
  }
  const timer = setInterval(beat, options.heartbeatMs / SLOTS)
  timer.unref()

  const owner: ConnectionOwner = {
    limits: options.limits,
    flushLater: createFlusher(),
    onClosed(connection, reason) {
      detach(connection)
      options.onClosed?.(connection, reason)
    },
  }

  return {
    attach(identity, sink) {
      const connection = new Connection(identity, sink, owner)
      const beating = slots[attached++ % SLOTS]!
      all.set(connection, beating.add(connection))
      const siblings = byUser.get(connection.user_id) ?? new Set()
      connection.surplus = siblings.size >= PROMPT_PER_USER
      byUser.set(connection.user_id, siblings.add(connection))
      return connection
    },
    detach,
    subscribe,
    leave(connection, channel) {
      unsubscribe(connection, channel)
      connection.dropHeld(channel)
    },
    connections(kind) {
      if (kind === undefined) return all.size
      let count = 0
      for (const { sink } of all.keys()) if (sink.kind === kind) count++
      return count
    },
    ofUser: (userId) => [...(byUser.get(userId) ?? [])],
    deliveries: () => delivered,
    async close(reason) {
      clearInterval(timer)
      let count = 0
      for (const connection of all.keys()) {
        connection.close(reason)
        // Thousands of closes at once would hold the loop, and the database's last commits with it.
        if (++count % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}
