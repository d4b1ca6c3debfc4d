import { randomUUID } from 'node:crypto'
import { nextCommandKey, sameCommandKey } from '@bigtech/kernel'
import type { EventBus } from '@bigtech/messaging'
import {
  Busy,
  DEFAULTS,
  PartitionNode,
  Uncertain,
  type Broker,
  type Command,
  type Coordination,
  type Cursors,
  type LogStore,
  type Network,
  type Runtime,
  type Settings,
} from '@bigtech/partition-log'
import type { Metrics } from '@bigtech/telemetry'
import { chatErrors } from '../../contract/errors.ts'
import type { ChangeFeed, ClosureStore, MessageLog, PartitionShare, RoomCommands, RoomStore } from '../../ports.ts'
import { sendKey, type Answers, type Asks, type ChatCommand, type Kind } from './commands.ts'
import { createPartitionFeed } from './feed.ts'
import { createChatMachine } from './machine.ts'
import { measureCommits, measureIndex, measurePartitions } from './metrics.ts'
import { createApplied } from './applied.ts'
import { createIndexer, type Index } from './indexer.ts'
import type { ChatTables, DailyQuotas, People, RoomDirectory } from './ports.ts'
import type { Chat } from './shape.ts'
import type { Kept } from './state.ts'
import { eventOf } from './told.ts'
import { ofWholeTables } from './whole-tables.ts'

export type PartitionStorePorts = Readonly<{
  log: LogStore<Chat>
  coordination: Coordination
  cursors: Cursors
  broker: Broker<Chat>
  network: Network<Chat>
  tables: ChatTables
  directory: RoomDirectory
  quotas: DailyQuotas
  people: People
  bus: Pick<EventBus, 'publish'>
  runtime: Runtime
  /** See Ports of the log. */
  onTrouble?: (what: string, error: unknown) => void
  /** Has what this process does for the log, by partitions. */
  metrics?: Metrics
  /** Brings what rooms' messages are found by up to what is in the tables: in the pauses, before somebody searches and waits for it. */
  index?: Index
}>

export type PartitionStoreOptions = Readonly<{
  /** This process; see PartitionNode. */
  node: string
  epoch: string
  settings?: Partial<Settings>
  kept?: Kept
}>

export type PartitionedChat = Readonly<{
  messages: MessageLog
  rooms: RoomStore
  feed: ChangeFeed
  closures: ClosureStore
  /** Before its start nothing is read here of what changes, and commands go to others. The ports are closed by who opened them, after `leave`. */
  share: PartitionShare
  /** For operators: what it owns, and how far it is. */
  node: Pick<PartitionNode<Chat, null>, 'status' | 'submit'>
}>

/** A process has a few seconds to end, also while an engine is away. */
const LEAVE_MS = 1_500

/**
 * chat-service's rooms and messages on the partition log, for one of many processes. Whatever changes a room is decided by the one that owns its
 * partition, and is in the log; what is read is made of it, and has it before the answer.
 */
export function createPartitionedChat(
  ports: PartitionStorePorts,
  { node: name, epoch, settings = {}, ...kept }: PartitionStoreOptions,
): PartitionedChat {
  const { tables, people } = ports
  const indexer = ports.index && createIndexer(ports.index)
  const applied = createApplied(tables, indexer)
  const node = new PartitionNode<Chat, null>(
    name,
    {
      ...ports,
      projections: { ...tables, apply: applied.apply },
      machine: createChatMachine({ ...ports, ...kept }),
      bus: {
        publish: (_p, events) => ports.bus.publish(events.flatMap(({ id, entry }) => eventOf(id, entry) ?? [])),
      },
      // Connections here have no history of their own: streams read what they missed by `ChangeFeed.missed`.
      history: { since: async () => null },
      ...(ports.metrics ? { onCommit: measureCommits(ports.metrics) } : {}),
    },
    settings,
  )
  if (ports.metrics) {
    measurePartitions(ports.metrics, () => node.status())
    if (indexer) measureIndex(ports.metrics, indexer)
  }
  const partitions = settings.partitions ?? DEFAULTS.partitions
  const submit = createSubmit(node, partitions)
  const whole = <Read>(read: () => Promise<Read>) => ofWholeTables(node, tables, read)
  return {
    messages: {
      ...tables.messages,
      append(message) {
        const { room_id, user_id, client_message_id: id } = message
        return submit('append', message, id === null ? undefined : sendKey(room_id, user_id, id))
      },
      change: (command) => submit('change', command),
    },
    rooms: {
      ...tables.rooms,
      ...createRoomCommands(ports, submit),
      // Who is not told of a message now is never told of it.
      audience: (roomId) => whole(() => tables.rooms.audience(roomId)),
    },
    feed: createPartitionFeed({ ...ports, node, epoch, onStored: applied.onStored }),
    closures: {
      prepare: (event) => people.prepareClosure(event),
      cancel: (event) => people.cancelClosure(event),
      async erase({ traceparent, ...event }) {
        const { user_id, now } = event
        // First: what is told of their leaving has no other name of theirs.
        await people.forget(event)
        // Again with each repeat of the event, until it was done wholly once.
        const invited = await whole(() => tables.invitedTo(user_id))
        await Promise.all(invited.map((room_id) => submit('withdrawInvitation', { room_id, user_id })))
        const by = { user_id, actor: user_id, via: 'closed', now, traceparent } as const
        const groups = await whole(() => tables.groupsOf(user_id))
        await Promise.all(groups.map((room_id) => submit('removeMember', { ...by, room_id })))
      },
    },
    share: {
      node: name,
      start: () => node.start(),
      async handle(p, term, commands) {
        const those = commands as readonly Command<Chat>[]
        const wrong = those.find(({ body }) => body.asks.room_id % partitions !== p)
        // By another number of partitions: what it wrote here would be found by nobody.
        if (wrong) {
          const failed = `room ${wrong.body.asks.room_id} is not of partition ${p} of ${partitions}`
          return those.map(() => ({ failed }))
        }
        return [...(await node.handle(p, term, those))]
      },
      async leave() {
        // What cannot be handed over by then is taken over when its lease is old.
        await Promise.race([node.close().then(() => indexer?.close()), ports.runtime.sleep(LEAVE_MS)])
      },
    },
    node,
  }
}

type Submit = <K extends Kind>(kind: K, asks: Asks<K> & { room_id: number }, key?: string) => Promise<Answers<K>>

function createSubmit(node: PartitionNode<Chat, null>, partitions: number): Submit {
  return async <K extends Kind>(kind: K, asks: Asks<K> & { room_id: number }, given?: string) => {
    // A request that is repeated after an outcome that nobody knew has effect once.
    const key = given ?? nextCommandKey() ?? randomUUID()
    const body = { kind, asks } as unknown as ChatCommand
    try {
      return await node.submit(asks.room_id % partitions, { key, body })
    } catch (error) {
      if (error instanceof Busy) throw chatErrors.CHAT_BUSY({ retryAfterS: 1, cause: error })
      if (error instanceof Uncertain) throw chatErrors.OUTCOME_UNKNOWN({ retryAfterS: 1, cause: error })
      throw error
    }
  }
}

/** Commands go to the owner of the room; what is of several rooms is asked of the tables and the directory before. */
function createRoomCommands({ tables, directory, quotas }: PartitionStorePorts, submit: Submit): RoomCommands {
  const anyFull = async (userIds: readonly number[], limit: number | undefined): Promise<boolean> => {
    if (limit === undefined) return false
    const { counts } = await tables.find({ rooms: [], rows: [], sent: [], names: [], counts: userIds })
    return userIds.some((id) => (counts.get(id) ?? 0) >= limit)
  }
  return {
    async openDirect(command) {
      const room_id = await directory.direct(command.user_id, command.other_id)
      return submit('openDirect', { ...command, room_id })
    },
    async createGroup({ limits, ...command }) {
      const { actor, member_ids, now } = command
      if (member_ids.length + 1 > (limits?.members ?? Infinity)) return 'full'
      if (await anyFull([actor], limits?.rooms)) return 'too_many_rooms'
      if (await anyFull(member_ids, limits?.rooms)) return 'too_many_rooms_of_others'
      if (!(await quotas.spend(actor, 'group', limits?.per_day, now))) return 'too_many_today'
      const key = nextCommandKey()
      return submit('createGroup', { ...command, room_id: await directory.newGroup(key) }, key)
    },
    async setInvite({ by, ...command }) {
      if (by && !(await quotas.spend(by.user_id, 'invite_link', by.per_day, by.now))) return 'too_many_today'
      return submit('setInvite', command)
    },
    async wasDone(room_id) {
      const key = sameCommandKey()
      return key === undefined ? false : submit('wasDone', { room_id }, key)
    },
    async hideDirect(command) {
      await submit('hideDirect', command)
    },
    async setMuted(command) {
      await submit('setMuted', command)
    },
    async setSettings(command) {
      await submit('setSettings', command)
    },
    addMembers: (command) => submit('addMembers', command),
    acceptInvitation: (command) => submit('acceptInvitation', command),
    declineInvitation: (command) => submit('declineInvitation', command),
    removeMember: (command) => submit('removeMember', command),
    rename: (command) => submit('rename', command),
    setRole: (command) => submit('setRole', command),
    markRead: (command) => submit('markRead', command),
  }
}
