import { once, pruneInbox } from '@bigtech/messaging'
import { locksRows, transaction } from '@bigtech/sql'
import { keptTrace } from '@bigtech/telemetry'
import { mayBeShown } from '../../domain/closing.ts'
import { NOTE_LIFE_MS, type KeptNote, type Note } from '../../domain/note.ts'
import { noteTag } from '../../domain/payload.ts'
import type { NoteStore, Once } from '../../ports.ts'
import { schedule } from './deliveries.ts'
import { chunksOf, type Db, type Trx } from './schema.ts'
import { takeOff, type Closing } from './taking-off.ts'
import { unreadOf } from './unread.ts'

const GROUP = 'notification-service'
const SHOWN_ACTORS = 3
const DAY_MS = 86_400_000

const noteOf = (row: Row): KeptNote => {
  const {
    group_key,
    open_key: _open,
    is_read: _read,
    is_listed: _listed,
    actor_ids,
    expires_at: _expires,
    pushed_at: _pushed,
    ...rest
  } = row
  const ids = JSON.parse(actor_ids) as number[]
  return { ...rest, group: group_key, actor_ids: ids, actor_id: ids[0] ?? null }
}

type Row = Awaited<ReturnType<typeof rowOf>> & object
const rowOf = (db: Db | Trx, id: number) =>
  db.selectFrom('notifications').selectAll().where('id', '=', id).executeTakeFirst()

export function createSqlNoteStore(db: Db, closesPerDay: number): NoteStore {
  const closingAt = (now: number): Closing => ({ now, perDay: closesPerDay })

  /** Runs again after a deadlock: what it found is the last run's. */
  async function inTurn<T>(event: Once, nothing: T, effect: (trx: Trx, closing: Closing) => Promise<T>): Promise<T> {
    let found = nothing
    const { event_id: eventId, now } = event
    await once(db, { group: GROUP, eventId, now }, async (trx) => void (found = await effect(trx, closingAt(now))))
    return found
  }

  return {
    add: (event, wanted, pushAt) =>
      inTurn(event, [] as KeptNote[], async (trx) => {
        const listed: KeptNote[] = []
        for (const { note, isListed, isPushed } of wanted) {
          const kept = await take(trx, note, isListed, event.now)
          if (isListed) listed.push(kept)
          // A sign-in or a password is news for longer than a reaction.
          const days = kept.kind === 'new_device' || kept.kind === 'password_changed' ? 7 : 1
          if (isPushed)
            await schedule(trx, [kept.user_id], {
              tag: noteTag(kept.id),
              note_id: kept.id,
              payload: '',
              now: event.now,
              at: pushAt,
              expiresAt: event.now + days * DAY_MS,
              trace: keptTrace(),
            })
        }
        return listed
      }),

    withdrawMessage: (event, { message_id }) =>
      inTurn(event, [] as number[], async (trx, closing) => {
        const rows = await trx
          .selectFrom('notifications')
          .select(['id', 'user_id'])
          .where('message_id', '=', message_id)
          .execute()
        for (const { id } of rows) await remove(trx, closing, id)
        return [...new Set(rows.map(({ user_id }) => user_id))]
      }),

    withdraw: (event, { user_id, group, actor_id }) =>
      inTurn(event, false, async (trx, closing) => {
        const rows = await trx
          .selectFrom('notifications')
          .innerJoin('note_actors', 'note_id', 'notifications.id')
          .select('notifications.id')
          .where('notifications.user_id', '=', user_id)
          .where('group_key', '=', group)
          .where('note_actors.user_id', '=', actor_id)
          .execute()
        for (const { id } of rows) await removeActor(trx, closing, id, actor_id)
        return rows.length > 0
      }),

    withdrawAll: (event, { user_id, ...which }) =>
      inTurn(event, false, async (trx, closing) => {
        const own = trx.selectFrom('notifications').select('id').where('user_id', '=', user_id)
        const rows = await (
          'group' in which ? own.where('group_key', '=', which.group) : own.where('room_id', '=', which.room_id)
        ).execute()
        for (const { id } of rows) await remove(trx, closing, id)
        return rows.length > 0
      }),

    withdrawReaction: (event, { message_id, actor_id, emoji }) =>
      inTurn(event, [] as number[], async (trx, closing) => {
        const rows = await trx
          .selectFrom('notifications')
          .innerJoin('note_actors', 'note_id', 'notifications.id')
          .select(['notifications.id', 'notifications.user_id', 'note_actors.detail'])
          .where('message_id', '=', message_id)
          .where('kind', '=', 'reaction')
          .where('note_actors.user_id', '=', actor_id)
          // Of those that an older version kept it is not known which they are.
          .where('note_actors.detail', 'in', [emoji, ''])
          .execute()
        for (const { id, detail } of rows) await removeActor(trx, closing, id, actor_id, detail)
        return [...new Set(rows.map(({ user_id }) => user_id))]
      }),

    async list({ user_id, before, limit, now }) {
      const rows = await db
        .selectFrom('notifications')
        .selectAll()
        .where('user_id', '=', user_id)
        .where('is_listed', '=', 1)
        .where('expires_at', '>', now)
        .$if(before !== undefined, (query) =>
          query.where((where) => {
            const [read, time, id] = before!
            return where.or([
              where('is_read', '>', read),
              where.and([where('is_read', '=', read), where('updated_at', '<', time)]),
              where.and([where('is_read', '=', read), where('updated_at', '=', time), where('id', '<', id)]),
            ])
          }),
        )
        .orderBy('is_read')
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return rows.map(noteOf)
    },

    async get(id) {
      const row = await rowOf(db, id)
      return row && noteOf(row)
    },

    unread: async (userId, now) => (await unreadOf(db, [userId], now)).get(userId)!,
    unreadOf: (userIds, now) => unreadOf(db, userIds, now),

    read: ({ user_id, which, now }) =>
      transaction(db, async (trx) => {
        const unread = trx
          .selectFrom('notifications')
          .select(['id', 'pushed_at'])
          .where('user_id', '=', user_id)
          .where('is_read', '=', 0)
          // Of two who read at once one takes it off: the other finds nothing unread.
          .$if(locksRows(trx), (query) => query.forUpdate())
        const rows = await (which === 'all' ? unread : unread.where('id', 'in', [...which])).execute()
        await markRead(trx, rows, now)
        const waiting = await trx
          .selectFrom('deliveries')
          .select('note_id')
          .where('user_id', '=', user_id)
          .where('note_id', 'is not', null)
          .execute()
        const isOnItsWay = new Set(waiting.map(({ note_id }) => note_id))
        for (const { id, pushed_at } of rows)
          if (isOnItsWay.has(id) || (pushed_at !== null && mayBeShown(pushed_at, now)))
            await takeOff(trx, shownNote(id, user_id, pushed_at), closingAt(now))
        return rows.length > 0
      }),

    async readRooms(reads, now) {
      if (reads.length === 0) return []
      const unread = await db
        .selectFrom('notifications')
        .select(['id', 'user_id', 'room_id', 'seq'])
        .where('is_read', '=', 0)
        .where('kind', 'in', ['mention', 'reply'])
        .where('user_id', 'in', [...new Set(reads.map(({ user_id }) => user_id))])
        .execute()
      const upTo = new Map(reads.map(({ user_id, room_id, read_seq }) => [`${user_id}/${room_id}`, read_seq]))
      const seen = unread.filter(
        ({ user_id, room_id, seq }) => (seq ?? Infinity) <= (upTo.get(`${user_id}/${room_id}`) ?? 0),
      )
      if (seen.length === 0) return []
      await markRead(db, seen, now)
      return [...new Set(seen.map(({ user_id }) => user_id))]
    },

    async prune(now) {
      const old = db.selectFrom('notifications').select('id').where('expires_at', '<=', now)
      await db.deleteFrom('note_actors').where('note_id', 'in', old).execute()
      await db.deleteFrom('notifications').where('expires_at', '<=', now).execute()
      await pruneInbox(db, { now })
    },
  }
}

async function markRead(db: Db | Trx, notes: readonly Readonly<{ id: number }>[], now: number): Promise<void> {
  for (const part of chunksOf(notes)) {
    const ids = part.map(({ id }) => id)
    await db
      .updateTable('notifications')
      .set({ is_read: 1, open_key: null, read_at: now })
      .where('id', 'in', ids)
      .where('is_read', '=', 0)
      .execute()
  }
}

async function take(trx: Trx, note: Note, isListed: boolean, now: number): Promise<KeptNote> {
  const { user_id, kind, group, actor_id, room_id, message_id, seq, detail } = note
  const open = await trx
    .selectFrom('notifications')
    .select('id')
    .where('user_id', '=', user_id)
    .where('open_key', '=', group)
    .executeTakeFirst()
  const latest = { room_id, message_id, seq, detail, updated_at: now, expires_at: now + NOTE_LIFE_MS }
  let id = open?.id
  if (id === undefined) {
    const fresh = {
      ...latest,
      user_id,
      kind,
      group_key: group,
      open_key: group,
      is_read: 0,
      is_listed: isListed ? 1 : 0,
    }
    const { insertId } = await trx
      .insertInto('notifications')
      .values({ ...fresh, actor_count: 0, actor_ids: '[]', created_at: now, read_at: null })
      .executeTakeFirstOrThrow()
    id = Number(insertId)
  } else await trx.updateTable('notifications').set(latest).where('id', '=', id).execute()
  if (actor_id !== null) {
    const actor = { note_id: id, user_id: actor_id, detail }
    const same = trx.deleteFrom('note_actors').where('note_id', '=', id).where('user_id', '=', actor_id)
    await same.where('detail', '=', detail).execute()
    await trx
      .insertInto('note_actors')
      .values({ ...actor, at: now })
      .execute()
  }
  await countActors(trx, id)
  return noteOf((await rowOf(trx, id))!)
}

/** @returns how many they are */
async function countActors(trx: Trx, id: number): Promise<number> {
  const { n } = await trx
    .selectFrom('note_actors')
    .select(({ fn }) => fn.count<number>('user_id').distinct().as('n'))
    .where('note_id', '=', id)
    .executeTakeFirstOrThrow()
  const shown = await trx
    .selectFrom('note_actors')
    .select('user_id')
    .where('note_id', '=', id)
    .groupBy('user_id')
    .orderBy(({ fn }) => fn.max('at'), 'desc')
    .orderBy('user_id', 'desc')
    .limit(SHOWN_ACTORS)
    .execute()
  const actor_ids = JSON.stringify(shown.map(({ user_id }) => user_id))
  await trx.updateTable('notifications').set({ actor_count: n, actor_ids }).where('id', '=', id).execute()
  return n
}

/** Somebody's doing is told no more, all of it or one thing; when there was nothing else, nothing is. */
export async function removeActor(
  trx: Trx,
  closing: Closing,
  noteId: number,
  actorId: number,
  detail?: string,
): Promise<void> {
  await trx
    .deleteFrom('note_actors')
    .where('note_id', '=', noteId)
    .where('user_id', '=', actorId)
    .$if(detail !== undefined, (query) => query.where('detail', '=', detail!))
    .execute()
  if ((await countActors(trx, noteId)) === 0) return remove(trx, closing, noteId)
  if (detail === undefined) return
  // The note shows what the latest of the others did.
  const latest = await trx
    .selectFrom('note_actors')
    .select('detail')
    .where('note_id', '=', noteId)
    .where('detail', '<>', '')
    .orderBy('at', 'desc')
    .orderBy('user_id', 'desc')
    .executeTakeFirst()
  if (latest) await trx.updateTable('notifications').set(latest).where('id', '=', noteId).execute()
}

async function remove(trx: Trx, closing: Closing, id: number): Promise<void> {
  const note = await rowOf(trx, id)
  await trx.deleteFrom('note_actors').where('note_id', '=', id).execute()
  await trx.deleteFrom('notifications').where('id', '=', id).execute()
  if (!note) return
  // One that was read was taken off then.
  const toldAt = note.is_read === 1 ? null : note.pushed_at
  await takeOff(trx, shownNote(id, note.user_id, toldAt), closing)
}

const shownNote = (id: number, user_id: number, pushed_at: number | null) => ({
  user_id,
  tag: noteTag(id),
  toldAt: pushed_at,
  link: '/',
})
