import { pause } from '../backoff.ts'
import { answered, brokerErrors, connectionOf, type Context, type Driver } from './driver.ts'

/** Others wait so long for a member that does not answer a change in the group. */
const REBALANCE_TIMEOUT_MS = 20_000
const REJOIN_MS = 200
const WATCH_MS = 5_000
/** A broker that does not answer by then forgets the member when its session ends. */
const LEAVE_MS = 2_000

export type Assigned = readonly Readonly<{ topic: string; partitions: readonly number[] }>[]

/**
 * A consumer's place in its group, by the classic protocol with cooperative rebalancing: who comes or goes moves only the partitions that
 * have to move, and the others are read on meanwhile. A partition moves only after its running handler has ended, however long it takes.
 * Calls are not repeated by the driver but by the loop here, so that the membership outlives any outage.
 * @param hooks.keep called before this member answers a change: only these partitions are still ours; resolves when the others are let go
 * @param hooks.assigned called when the group has agreed
 */
export function createMembership(
  { driver, settings }: Context,
  group: string,
  topics: readonly string[],
  hooks: { keep: (owned: Assigned) => Promise<void>; assigned: (owned: Assigned) => void },
) {
  const { logger, heartbeatMs, sessionTimeoutMs } = settings
  const closing = new AbortController()
  let leader = false
  let turn = 0
  let partitionsSeen = -1
  let joining: Promise<void> | undefined

  const open = (): Driver.Consumer => {
    const opened: Driver.Consumer = new driver.Consumer({
      ...connectionOf(settings, turn++),
      groupId: group,
      // A broker that hangs is noticed as soon as a consumer that was killed.
      requestTimeout: sessionTimeoutMs,
      retries: 0,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: Math.max(REBALANCE_TIMEOUT_MS, sessionTimeoutMs),
      heartbeatInterval: heartbeatMs,
      protocols: [{ name: driver.COOPERATIVE_STICKY_ASSIGNOR, version: 3 }],
      protocolsMetadata: async () => {
        if (client === opened) await letGo()
        return Buffer.alloc(0)
      },
      // The driver's own takes the topics of the leader for those of all: members of two versions may read different ones.
      partitionAssigner: (current, members, _topics, metadata) => {
        const all = new Set([...members.values()].flatMap((member) => member.topics ?? []))
        return driver.cooperativeStickyAssigner(current, members, all, metadata)
      },
    })
    opened.topics.trackAll(...topics)
    opened.on('consumer:group:join', ({ isLeader }) => {
      if (client !== opened) return
      leader = isLeader === true
      hooks.assigned(opened.assignments ?? [])
    })
    // A heartbeat found the group changed and the driver could not join it again: it sends no more.
    opened.on('error', (error) => {
      if (closing.signal.aborted || client !== opened) return
      logger.warn({ group, err: error }, 'the consumer fell out of its group; it joins again')
      void rejoin()
    })
    const began = Date.now()
    opened.on('consumer:heartbeat:error', () => {
      const heard = opened.lastHeartbeat?.getTime() ?? began
      if (closing.signal.aborted || client !== opened || Date.now() - heard < sessionTimeoutMs) return
      // The group has gone on without this member by now, if another broker knows it.
      renew()
      void rejoin()
    })
    return opened
  }
  /** Another client, which asks another broker first. */
  const renew = (): void => {
    const old = client
    client = open()
    superseded.reject(new Error('another client takes over'))
    superseded = supersedable()
    leave(old).catch(() => {})
  }
  let superseded = supersedable()
  let client = open()

  /** The driver sends no heartbeats while it waits here. False when the group has gone on without this member. */
  const beat = async (): Promise<boolean> => {
    try {
      const node = client.coordinatorId
      if (node === null || client.memberId === null) return false
      const connection = (await client.connectToBrokers([node])).get(node)
      if (!connection) return false
      await driver.heartbeatV4.api.async(connection, group, client.generationId, client.memberId)
      return true
    } catch (error) {
      // A further change: the others wait a while for this member before they go on without it.
      return brokerErrors(error).includes('REBALANCE_IN_PROGRESS')
    }
  }
  const letGo = async (): Promise<void> => {
    const done = new AbortController()
    const gone = hooks.keep(client.assignments ?? []).finally(() => done.abort())
    const waiting = async (): Promise<void> => {
      while (!done.signal.aborted) {
        await pause(heartbeatMs, done.signal)
        if (!done.signal.aborted && !(await beat())) return
      }
    }
    await Promise.race([gone, waiting()])
  }

  const join = async (): Promise<void> => {
    for (let failures = 0; !closing.signal.aborted; failures++) {
      try {
        await Promise.race([client.joinGroup({}), superseded.promise])
        if (failures > 0) logger.info({ group }, 'the consumer is in its group again')
        return
      } catch (error) {
        if (failures === 3) logger.warn({ group, err: error }, 'joining a consumer group fails; it is tried again')
        // Not at once: a join also takes long when others are slow to come.
        if (failures % 3 === 2 && brokerErrors(error).length === 0 && !closing.signal.aborted) renew()
        await pause(REJOIN_MS, closing.signal)
      }
    }
  }
  const rejoin = (): Promise<void> =>
    (joining ??= join().finally(() => {
      joining = undefined
    }))

  /** Partitions that were added are shared out when the group's leader joins again. */
  const watch = async (): Promise<void> => {
    if (closing.signal.aborted) return
    const { topics: known } = await client.metadata({ topics: [...topics], forceUpdate: true })
    const count = [...known.values()].reduce((sum, { partitionsCount }) => sum + partitionsCount, 0)
    const grown = partitionsSeen >= 0 && count > partitionsSeen
    partitionsSeen = count
    if (grown && leader) await rejoin()
  }
  const watcher = setInterval(() => void watch().catch(() => {}), WATCH_MS)

  return {
    client: () => client,
    async join(): Promise<void> {
      await watch()
      await rejoin()
    },
    watch,
    /** Ends the membership: others may have the partitions at once. */
    async close(): Promise<void> {
      closing.abort()
      clearInterval(watcher)
      await answered(leave(client), settings.timeoutMs).catch(() => {})
    },
  }
}

/**
 * Before it is closed: a client that is closed while it joins, or while a heartbeat is on its way, believes to be a member for ever, and goes on
 * sending heartbeats that fail.
 */
async function leave(client: Driver.Consumer): Promise<void> {
  const left = new Promise<void>((resolve) => client.leaveGroup(true, () => resolve()))
  await answered(left, LEAVE_MS).catch(() => {})
  await client.close(true)
}

/** Its rejection is heard by those who wait at that moment, if any. */
function supersedable(): PromiseWithResolvers<never> {
  const resolvers = Promise.withResolvers<never>()
  resolvers.promise.catch(() => {})
  return resolvers
}
