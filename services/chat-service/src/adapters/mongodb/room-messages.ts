import type { Collection, Db } from 'mongodb'
import type { SystemEvent } from '../../domain/message.ts'
import { key, type Changes, type StoredMessage as TableRow } from '../mysql/changes.ts'
import { ERASED_NAME, peopleOf } from '../mysql/erased.ts'
import type { RoomMessages, StoredSystemMessage } from '../mysql/room-messages.ts'
import type { ChatDb, ChatTrx } from '../mysql/tables.ts'
import type { Place } from '../partition/ports.ts'
import { reading, writing, writingEach } from './errors.ts'
import { toRow, type StoredMessage } from './rows.ts'
import { collection, placeOf } from './schema.ts'

/** Documents asked for, or changed, in one command. */
const TOGETHER = 500
/** Rooms that a person's name is looked for in together. */
const ROOMS_TOGETHER = 100

/** Messages in MongoDB, beside rooms in MySQL: written before these, each by itself, and only over an older revision of it. */
export function createMongodbMessages(db: Db): RoomMessages {
  const messages = collection(db, 'messages')
  const systemOf = (on: ChatDb | ChatTrx, roomIds: readonly number[]) => systemMessages(on, messages, roomIds)

  return {
    elsewhere: {
      async before(places) {
        const found = await messagesAt(messages, places)
        return found.map(({ room_id, seq, sent_log_at, content, file, mentions }) => ({
          room_id,
          seq,
          sent_log_at,
          content,
          file,
          mentions,
        }))
      },
      write: (changes) => write(messages, changes),
    },

    at: async (_trx, places) => (await messagesAt(messages, places)).map(toRow),

    // An index each: the id alone may be anybody's.
    async sentBy(_trx, sent) {
      const found = await Promise.all(
        sent.map(({ room_id, user_id, client_message_id }) =>
          reading(() => messages.findOne({ room_id, user_id, client_message_id })),
        ),
      )
      return found.filter((row) => row !== null).map(toRow)
    },

    async forgetName(trx, userId, name) {
      const rooms = await roomsOf(trx, userId)
      for (const some of portions(rooms, ROOMS_TOGETHER))
        for (const { room_id, seq, user_id, system, content } of await systemOf(trx, some)) {
          const tellsOf = system !== null && peopleOf(JSON.parse(system) as SystemEvent, user_id).includes(userId)
          if (tellsOf && content.includes(name))
            await setText(messages, { room_id, seq }, content.replaceAll(name, ERASED_NAME))
        }
    },

    systemOf,
    setText: (_db, place, content) => setText(messages, place, content),

    async removeRooms(roomIds) {
      for (const room_id of roomIds) {
        await writing(() => collection(db, 'search_rooms').deleteOne({ _id: room_id }))
        await writing(() => collection(db, 'search_terms').deleteMany({ room_id }))
        await writing(() => messages.deleteMany({ room_id }))
      }
    },
  }
}

export function* portions<T>(all: readonly T[], size: number): Iterable<readonly T[]> {
  for (let i = 0; i < all.length; i += size) yield all.slice(i, i + size)
}

/** Those that are not there are absent. */
export async function messagesAt(
  messages: Collection<StoredMessage>,
  places: readonly Place[],
): Promise<StoredMessage[]> {
  const found: StoredMessage[] = []
  for (const some of portions(places, TOGETHER)) {
    const ids = some.map(({ room_id, seq }) => placeOf(room_id, seq))
    found.push(...(await reading(() => messages.find({ _id: { $in: ids } }).toArray())))
  }
  return found
}

/** New ones are put there; those that are there, of the same documents or later ones, are changed if they are older. */
async function write(messages: Collection<StoredMessage>, changes: Changes): Promise<void> {
  const rows = changes.messages.written.map((row) => toStored(row, changes))
  for (const some of portions(rows, TOGETHER)) {
    const added = some.filter(({ row }) => changes.said.has(key(row.room_id, row.seq)))
    const taken =
      added.length === 0
        ? []
        : await writingEach(() =>
            messages.insertMany(
              added.map(({ _id, row, text }) => ({ _id, ...row, ...text }) as StoredMessage),
              { ordered: false },
            ),
          )
    const changed = [
      ...some.filter(({ row }) => !changes.said.has(key(row.room_id, row.seq))),
      ...taken.map((index) => added[index]!),
    ]
    if (changed.length === 0) continue
    const updates = changed.map(({ _id, row, text }) => ({
      updateOne: { filter: { _id, rev: { $lt: row.rev } }, update: { $set: { ...row, ...text } } },
    }))
    await writingEach(() => messages.bulkWrite(updates, { ordered: false }))
  }
}

function toStored(row: TableRow, { textRevs }: Changes) {
  const textRev = textRevs.get(key(row.room_id, row.seq))
  return {
    _id: placeOf(row.room_id, row.seq),
    row: { ...row, client_message_id: row.client_message_id?.toString() ?? null },
    // Who changes nothing of its text leaves the revision that it has.
    text: textRev === undefined ? {} : { text_rev: textRev },
  }
}

/** Messages of the system are never changed by anybody else. */
const setText = async (messages: Collection<StoredMessage>, { room_id, seq }: Place, content: string): Promise<void> =>
  void (await writing(() => messages.updateOne({ _id: placeOf(room_id, seq) }, { $set: { content } })))

async function roomsOf(trx: ChatTrx, userId: number): Promise<number[]> {
  const rooms = await trx
    .selectFrom('members')
    .select('room_id')
    .where('user_id', '=', userId)
    .union(trx.selectFrom('former_members').select('room_id').where('user_id', '=', userId))
    .execute()
  return rooms.map(({ room_id }) => room_id)
}

/** Found by what does not count as unread, which the rooms' own store has. */
async function systemMessages(
  on: ChatDb | ChatTrx,
  messages: Collection<StoredMessage>,
  roomIds: readonly number[],
): Promise<StoredSystemMessage[]> {
  if (roomIds.length === 0) return []
  const places = await on.selectFrom('uncounted').select(['room_id', 'seq']).where('room_id', 'in', roomIds).execute()
  const found = await messagesAt(messages, places)
  return found
    .filter(({ message_type }) => message_type === 'system')
    .map(({ room_id, seq, user_id, system, content }) => ({ room_id, seq, user_id, system, content }))
}
