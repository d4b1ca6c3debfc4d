import { randomUUID } from 'node:crypto'
import { disconnect, type RedisClient, type RedisLink } from '@bigtech/redis'
import type { Broker } from '../broker.ts'

export type RedisBroker = Broker & Readonly<{ close(): void }>

type Listener = Readonly<{ frame: (frame: string) => void; gap: (() => void) | undefined }>

type Channel = {
  listeners: Set<Listener>
  /** Redis has said that it sends the channel's frames on the present connection. */
  isEffective: boolean
  /** It was so before: what came between is lost. */
  wasEffective: boolean
  effective: Promise<void>
  resolve: () => void
}

/** A subscription that brings nothing is tried by frames to oneself; without one for two of these it counts as lost. */
const PROBE_MS = 2_000

/**
 * Frames over Redis Pub/Sub; sharded on a cluster. Frames that are published while Redis is away are lost, and so are those that come
 * while the subscriber's connection is: each listener then hears of a gap, once its channel is subscribed again.
 * A connection that is open but dead is found by a probe and made anew.
 */
export async function createRedisBroker(
  link: RedisLink,
  options: { onTrouble?: (error: unknown) => void; probeMs?: number } = {},
): Promise<RedisBroker> {
  const { onTrouble = () => {}, probeMs = PROBE_MS } = options
  const { client, sharded, prefix } = link
  const subscriber = await link.newSubscriber()
  const channels = new Map<string, Channel>()
  let closed = false

  const deliver = (full: string, frame: string) => {
    for (const listener of channels.get(full.slice(prefix.length))?.listeners ?? []) listener.frame(frame)
  }
  subscriber.on(sharded ? 'smessage' : 'message', deliver)

  const ask = (name: string, channel: Channel) => {
    subscribe(subscriber, sharded, prefix + name).then(
      () => {
        // Left meanwhile, or asked for again by somebody else.
        if (channels.get(name) !== channel || channel.isEffective) return
        channel.isEffective = true
        channel.resolve()
        if (channel.wasEffective) for (const { gap } of channel.listeners) gap?.()
        channel.wasEffective = true
      },
      (error: unknown) => {
        // While the connection is away: it is asked for again when it is back.
        if (!closed) onTrouble(error)
      },
    )
  }
  const askAll = () => {
    for (const [name, channel] of channels) {
      if (channel.isEffective) renew(channel)
      ask(name, channel)
    }
  }
  let connectedBefore = false
  subscriber.on('ready', () => {
    if (connectedBefore) askAll()
    connectedBefore = true
  })
  // A node of the cluster was lost or has come: which channels were its, the client does not tell.
  if (sharded) subscriber.on('subscribersReady', askAll)

  const publish = (channel: string, frame: string) => {
    const full = prefix + channel
    const sent = sharded ? client.spublish(full, frame) : client.publish(full, frame)
    sent.catch(onTrouble)
  }

  const self = `broker:${randomUUID()}`
  let unanswered = 0
  const add = (name: string, listener: Listener) => {
    let channel = channels.get(name)
    if (!channel) {
      channel = renew({ listeners: new Set() } as Channel)
      channel.wasEffective = false
      channels.set(name, channel)
      ask(name, channel)
    }
    channel.listeners.add(listener)
    return channel
  }
  const remove = (name: string, listener: Listener) => {
    const channel = channels.get(name)
    if (!channel?.listeners.delete(listener) || channel.listeners.size > 0) return
    channels.delete(name)
    channel.resolve()
    const full = prefix + name
    const left = sharded ? subscriber.sunsubscribe(full) : subscriber.unsubscribe(full)
    left.catch(() => {
      // On a connection that is gone nothing is subscribed any more.
    })
  }
  add(self, { frame: () => void (unanswered = 0), gap: undefined })
  const probe = setInterval(() => {
    // Only when the way to Redis is open does silence say something about the way back.
    if (client.status !== 'ready' || subscriber.status !== 'ready') return void (unanswered = 0)
    if (++unanswered > 2) {
      unanswered = 0
      onTrouble(new Error('a subscription of Redis brings nothing; its connection is made anew'))
      reconnect(subscriber)
    } else publish(self, '')
  }, probeMs)
  probe.unref()

  return {
    publish,
    subscribe(name, frame, gap) {
      const listener: Listener = { frame, gap }
      const { effective } = add(name, listener)
      return { effective, stop: () => remove(name, listener) }
    },
    close() {
      closed = true
      clearInterval(probe)
      for (const { resolve } of channels.values()) resolve()
      disconnect(subscriber)
    },
  }
}

function renew(channel: Channel): Channel {
  channel.isEffective = false
  channel.effective = new Promise((resolve) => (channel.resolve = resolve))
  return channel
}

const subscribe = (client: RedisClient, sharded: boolean, channel: string): Promise<unknown> =>
  sharded ? client.ssubscribe(channel) : client.subscribe(channel)

/** Of a cluster the node cannot be told from the others. */
const reconnect = (client: RedisClient): void => client.disconnect(true)
