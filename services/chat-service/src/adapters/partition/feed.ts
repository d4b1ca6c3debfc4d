import { makeToken, readToken, type Coordination, type PartitionNode } from '@bigtech/partition-log'
import type { ChangeFeed } from '../../ports.ts'
import type { ChatTables } from './ports.ts'
import type { Chat } from './shape.ts'
import { committedOf } from './told.ts'
import { wholeTables } from './whole-tables.ts'

export type FeedPorts = Readonly<{
  node: PartitionNode<Chat, null>
  tables: Pick<ChatTables, 'missed' | 'positions'>
  coordination: Pick<Coordination, 'read'>
  /** See ChangeFeed. */
  onStored: ChangeFeed['onStored']
  /** Of the store: its tokens are known to no other. */
  epoch: string
}>

/** What this process is told by the log, to those it concerns here; and what they missed, by the tables. */
export function createPartitionFeed({ node, tables, coordination, onStored, epoch }: FeedPorts): ChangeFeed {
  const now = () => node.hub.feed.token

  /** Whether any process of the store can have given it. */
  const isOfHere = async (at: number): Promise<boolean> => {
    if (at <= now()) return true
    const [positions, { leases }] = await Promise.all([tables.positions(), coordination.read()])
    return [...positions.map((one) => one.at), ...leases.map((one) => one.floor)].some((most) => at <= most)
  }

  return {
    token: () => makeToken(epoch, now()),
    async follow(userId, lost) {
      const sink = { missed: () => undefined, entry: () => undefined, lost }
      const { close } = await node.hub.open(userId, undefined, sink)
      return close
    },
    onCommitted(listener) {
      node.hub.onEntry((entry, token) => {
        const change = committedOf(entry)
        if (change) listener(change, makeToken(epoch, token))
      })
    },
    onStored,
    async missed({ token, ...query }) {
      const at = readToken(token, epoch)
      if (at === undefined || !(await isOfHere(at))) return undefined
      // Of before the tables are read: it must not stand for what comes meanwhile.
      const upTo = Math.max(at, now())
      const checkWhole = wholeTables(node)
      const { missed, positions } = await tables.missed({ ...query, at })
      checkWhole(positions)
      return { ...missed, token: makeToken(epoch, upTo) }
    },
  }
}
