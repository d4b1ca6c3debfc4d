import type { LogStore, Machine, Position, Runtime } from '@bigtech/partition-log'
import type { Answer, ChatCommand } from './commands.ts'
import * as members from './decide-members.ts'
import * as messages from './decide-messages.ts'
import * as rooms from './decide-rooms.ts'
import { only, type Decision } from './draft.ts'
import type { Bodies, ChatEntry } from './entries.ts'
import { heirsOf, isNothing, needsOf } from './needs.ts'
import type { ChatTables } from './ports.ts'
import { answerOf, recentCommands } from './repeats.ts'
import type { Chat } from './shape.ts'
import { PartitionState, type Kept } from './state.ts'

/** For so long a new owner remembers what was done before it. */
const EARLIER_KEPT_MS = 90_000

export type MachinePorts = Readonly<{
  log: LogStore<Bodies>
  tables: Pick<ChatTables, 'find' | 'positions'>
  runtime: Pick<Runtime, 'monotonic'>
  /** Rooms and messages that an owner keeps in memory; default: the state's. */
  kept?: Kept
}>

/** The chat's commands, decided by the rules of the domain on what the log and the tables say. */
export function createChatMachine({ log, tables, runtime, kept }: MachinePorts): Machine<Chat> {
  async function load(
    state: PartitionState,
    commands: readonly ChatCommand[],
    keys: readonly string[],
    applied: number,
  ): Promise<ReadonlyMap<string, ChatEntry>> {
    if (!state.earlier) {
      // Its owner has applied all that came before it.
      const position = reached(await tables.positions(), state.p, applied)
      const entries = await recentCommands(log, state.p, position)
      state.earlier = { entries, until: runtime.monotonic() + EARLIER_KEPT_MS }
    }
    const needs = needsOf(state, commands)
    if (!isNothing(needs)) {
      const found = await tables.find(needs)
      reached(found.positions, state.p, applied)
      for (const room of found.rooms) state.takeRoom(room)
      for (const row of [...found.rows, ...found.sent]) state.takeRow(row)
      state.names = found.names
      state.counts = found.counts
      const heirs = heirsOf(state, commands).filter((id) => !state.names.has(id))
      if (heirs.length > 0) {
        const { names } = await tables.find({ rooms: [], rows: [], sent: [], names: heirs, counts: [] })
        state.names = new Map([...state.names, ...names])
      }
    }
    const { entries, until } = state.earlier
    if (entries.size > 0 && runtime.monotonic() > until) state.earlier = { entries: new Map(), until }
    return new Map(keys.flatMap((key) => (entries.has(key) ? [[key, entries.get(key)!] as const] : [])))
  }

  return {
    create: (p) => new PartitionState(p, kept),
    load(state, commands, keys, applied) {
      state.makeRoom()
      const asked = commands.map(({ body }) => body)
      const isKnown = state.earlier?.entries.size === 0 && isNothing(needsOf(state, asked))
      return isKnown ? undefined : load(state, asked, keys, applied)
    },
    decide(state, { key, body }, earlier): Decision<Answer> {
      // The message itself tells whether it is the same that was sent.
      const isMessage = body.kind === 'append' && body.asks.client_message_id !== null
      if (earlier && !isMessage) return { entries: [], answer: answerOf(body, earlier) }
      return decide(state, key, body)
    },
    apply: (state, entry) => state.apply(entry),
    settled: (state, document) => state.settled(document),
    sizeOf,
    isKeyNeeded,
  }
}

/**
 * Most of what happens: messages are found by the ids that their senders gave them, and a reader who has read on reads no further by the same once more. A room that
 * is cleared reads as well, without an occasion: done again it would be cleared of what came since.
 */
function isKeyNeeded({ body }: ChatEntry): boolean {
  if (body.kind === 'message') return body.row.client_message_id === null
  return body.kind !== 'read' || body.on === null
}

/** @throws while the tables are made anew, and lack what was applied */
function reached(positions: readonly Position[], p: number, applied: number): Position {
  const position = positions[p]!
  if (position.n < applied) throw new Error(`the tables have documents up to ${position.n} of ${applied}`)
  return position
}

/** @throws for what a newer process asks and this one does not know */
function decide(state: PartitionState, key: string, { kind, asks }: ChatCommand): Decision<Answer> {
  switch (kind) {
    case 'append':
      return messages.append(state, key, asks)
    case 'change':
      return messages.change(state, key, asks)
    case 'markRead':
      return messages.markRead(state, key, asks)
    case 'openDirect':
      return rooms.openDirect(state, key, asks)
    case 'createGroup':
      return rooms.createGroup(state, key, asks)
    case 'rename':
      return rooms.rename(state, key, asks)
    case 'hideDirect':
      return rooms.hideDirect(state, key, asks)
    case 'setMuted':
      return rooms.setMuted(state, key, asks)
    case 'setSettings':
      return rooms.setSettings(state, key, asks)
    case 'setInvite':
      return rooms.setInvite(state, key, asks)
    case 'wasDone':
      // Those that were done are answered by their key.
      return only(false)
    case 'addMembers':
      return members.addMembers(state, key, asks)
    case 'acceptInvitation':
      return members.acceptInvitation(state, key, asks)
    case 'declineInvitation':
      return members.declineInvitation(state, key, asks)
    case 'withdrawInvitation':
      return members.withdrawInvitation(state, key, asks)
    case 'removeMember':
      return members.removeMember(state, key, asks)
    case 'setRole':
      return members.setRole(state, key, asks)
    default:
      throw new Error(`this process knows no command '${String(kind)}'`)
  }
}

/** Korean text has three bytes a character; names, ids and times of a row come to some 600. */
function sizeOf({ body }: ChatEntry): number {
  switch (body.kind) {
    case 'message':
    case 'changed':
      return 700 + 3 * body.row.content.length + 20 * reactedIn(body.row.reactions)
    case 'created':
    case 'joined':
      return 500 + 100 * body.members.length
    case 'invited':
      return 300 + 100 * body.invitations.length
    default:
      return 300
  }
}

const reactedIn = (reactions: Readonly<Record<string, readonly number[]>>): number =>
  Object.values(reactions).reduce((sum, { length }) => sum + length + 1, 0)
