import type { Db, Filter } from 'mongodb'
import type { ChatDb } from '../mysql/tables.ts'
import type { MessageRow } from '../../domain/message.ts'
import type { MessageLog } from '../../ports.ts'
import { aheadOf, headOf, untilCaughtUp, type Head } from './caught-up.ts'
import { reading } from './errors.ts'
import { messagesAt } from './room-messages.ts'
import { toRow, type StoredMessage } from './rows.ts'
import { collection, placeOf } from './schema.ts'
import { createMongodbSearch } from './search.ts'

/** Messages of a room up to its head in MySQL, as they stand; what stands there in a later state is waited for. */
export function createMongodbMessageReads(db: Db, rooms: ChatDb): Omit<MessageLog, 'append' | 'change'> {
  const messages = collection(db, 'messages')
  const shown = async (rows: readonly StoredMessage[], head: Head) => {
    await untilCaughtUp(
      rooms,
      aheadOf(rows, () => head),
    )
    return rows.map(toRow)
  }

  async function page(
    { room_id, after, before, limit, fromEnd }: Parameters<MessageLog['page']>[0],
    which: Filter<StoredMessage> = {},
  ): Promise<MessageRow[]> {
    const head = await headOf(rooms, room_id)
    if (!head) return []
    const places = { $gt: placeOf(room_id, after), $lt: placeOf(room_id, Math.min(before, head.last_seq + 1)) }
    const rows = await reading(() =>
      messages
        .find({ room_id, _id: places, ...which })
        .sort({ _id: fromEnd ? -1 : 1 })
        .limit(limit)
        .toArray(),
    )
    return shown(fromEnd ? rows.reverse() : rows, head)
  }

  return {
    async get(roomId, seq) {
      const row = await reading(() => messages.findOne({ _id: placeOf(roomId, seq) }))
      const head = row && (await headOf(rooms, roomId))
      if (!head || seq > head.last_seq) return undefined
      return (await shown([row], head))[0]
    },

    page: (query) => page(query),

    worthTelling: ({ authors, ...query }) =>
      page(
        { ...query, fromEnd: true },
        {
          $or: [{ mentions: { $ne: null } }, { reply_to: { $ne: null } }, { user_id: { $nin: [...authors] } }],
          deleted_at: null,
          message_type: { $ne: 'system' },
        },
      ),

    // The head is read first: all up to it is there, and rows of later states stand for those that they had.
    async changes({ room_id, since_rev, limit }) {
      const head = await headOf(rooms, room_id)
      if (!head) return { rows: [], to_rev: null, head_rev: 0 }
      const found = await changedRows(messages, room_id, since_rev, limit)
      const changed = inOrder(found).filter(({ seq }) => seq <= head.last_seq)
      const answer = { rows: await shown(changed, head), to_rev: null, head_rev: head.rev }
      if (found.length < limit) return answer
      const last = found.at(-1)!
      // Who asks for the rest finds a head beyond this one.
      await shown([last], head)
      return { ...answer, to_rev: Math.min(last.rev, head.rev) }
    },

    async pins(roomId, after) {
      const head = await headOf(rooms, roomId)
      if (!head) return []
      const pinned = await rooms
        .selectFrom('pins')
        .select(['room_id', 'seq'])
        .where('room_id', '=', roomId)
        .where('seq', '>', after)
        .execute()
      const rows = await shown(await messagesAt(messages, pinned), head)
      return rows
        .filter(({ pinned_at }) => pinned_at !== null)
        .toSorted((a, b) => b.pinned_at! - a.pinned_at! || b.seq - a.seq)
    },

    search: createMongodbSearch(db, rooms),
  }
}

const changedRows = (
  messages: ReturnType<typeof collection<'messages'>>,
  room_id: number,
  since: number,
  limit: number,
) =>
  reading(() =>
    messages
      .find({ room_id, rev: { $gt: since } })
      .sort({ rev: 1 })
      .limit(limit)
      .toArray(),
  )

/** One that was changed while they were read may come twice: as it is now. */
export function inOrder(found: readonly StoredMessage[]): StoredMessage[] {
  const latest = new Map(found.map((row) => [row._id, row]))
  return [...latest.values()].toSorted((a, b) => a.rev - b.rev)
}
