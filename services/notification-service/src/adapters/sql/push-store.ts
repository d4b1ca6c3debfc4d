import { locksRows, sql, together, transaction } from '@bigtech/sql'
import { keptTrace } from '@bigtech/telemetry'
import type { Delivery, DueRoom, PushStore } from '../../ports.ts'
import { devicesOf, schedule, scheduleFor, type Device } from './deliveries.ts'
import { chunksOf, type Db, type Trx } from './schema.ts'
import { subscriptionOf } from './subscription-store.ts'
import { takeOff } from './taking-off.ts'

const DAY_MS = 86_400_000
/** By then everything told of before is read, or nobody cares. */
const TOLD_LIFE_MS = 30 * DAY_MS
const DEAD_LIFE_MS = 30 * DAY_MS
const EXPIRED_AT_ONCE = 500
const MOST_OF_REASON = 500
/** For each that is taken so many are looked at: other processes look at the same. */
const CANDIDATES = 4
const PUT_OFF_AT_ONCE = 500
const REMOVED_AT_ONCE = 500
const ROOMS_AT_ONCE = 64

export function createSqlPushStore(db: Db, onMysql: boolean, closesPerDay: number): PushStore {
  const removed = together<number, void>(
    async (ids) => {
      await db.deleteFrom('deliveries').where('id', 'in', ids).execute()
      return []
    },
    { sizeOf: () => 1, most: REMOVED_AT_ONCE },
  )
  return {
    async messagesCame(rooms, dueAt) {
      for (const part of chunksOf(rooms)) {
        const insert = db
          .insertInto('rooms_due')
          .values(part.map((room) => ({ ...room, due_at: dueAt, claimed_until: 0 })))
        await (
          onMysql
            ? insert.onDuplicateKeyUpdate({
                // Of the latest; before `last_seq`, as they are set from left to right.
                trace: sql<string | null>`IF(VALUES(last_seq) >= last_seq, VALUES(trace), trace)`,
                last_seq: sql<number>`GREATEST(last_seq, VALUES(last_seq))`,
              })
            : insert.onConflict((on) =>
                on.column('room_id').doUpdateSet({
                  last_seq: sql<number>`max(rooms_due.last_seq, excluded.last_seq)`,
                  trace: sql<
                    string | null
                  >`CASE WHEN excluded.last_seq >= rooms_due.last_seq THEN excluded.trace ELSE rooms_due.trace END`,
                }),
              )
        ).execute()
      }
    },

    takeRooms: ({ now, until, limit }) =>
      transaction(db, async (trx) => {
        const rooms: DueRoom[] = await trx
          .selectFrom('rooms_due')
          .select(['room_id', 'after_seq', 'last_seq', 'trace'])
          .where('due_at', '<=', now)
          .where('claimed_until', '<=', now)
          .orderBy('due_at')
          .limit(limit)
          .$if(locksRows(trx), (query) => query.forUpdate().skipLocked())
          .execute()
        const ids = rooms.map(({ room_id }) => room_id)
        if (ids.length > 0)
          await trx.updateTable('rooms_due').set({ claimed_until: until }).where('room_id', 'in', ids).execute()
        return rooms
      }),

    told: ({ room: { room_id, trace: ofRoom }, upTo, dueAt, now, tell, tag, expiresAt }) =>
      transaction(db, async (trx) => {
        await trx
          .updateTable('rooms_due')
          .set({ after_seq: upTo, due_at: dueAt, claimed_until: 0 })
          .where('room_id', '=', room_id)
          .execute()
        await trx.deleteFrom('rooms_due').where('room_id', '=', room_id).where('last_seq', '<=', upTo).execute()
        for (const part of chunksOf(tell)) {
          const ids = part.map(({ user_id }) => user_id)
          await trx.deleteFrom('told').where('room_id', '=', room_id).where('user_id', 'in', ids).execute()
          await trx
            .insertInto('told')
            .values(part.map(({ user_id, seq }) => ({ room_id, user_id, seq, at: now })))
            .execute()
          const devices = await devicesOf(trx, ids)
          const wordsOf = new Map(part.map(({ user_id, payloads }) => [user_id, payloads]))
          const payload = ({ user_id, language }: Device) => wordsOf.get(user_id)![language]
          // Whoever decides without one may do so in a trace of something else.
          const trace = ofRoom === null ? null : keptTrace()
          await scheduleFor(trx, devices, { tag, note_id: null, payload, now, at: now, expiresAt, trace })
        }
      }),

    nothingToTell: (rooms, dueAt) =>
      transaction(db, async (trx) => {
        for (const part of chunksOf(rooms, ROOMS_AT_ONCE)) {
          await trx
            .deleteFrom('rooms_due')
            .where((where) =>
              where.or(
                part.map(({ room_id, up_to }) =>
                  where.and([where('room_id', '=', room_id), where('last_seq', '<=', up_to)]),
                ),
              ),
            )
            .execute()
          const upTo = new Map(part.map(({ room_id, up_to }) => [room_id, up_to]))
          const left = await trx
            .selectFrom('rooms_due')
            .select('room_id')
            .where('room_id', 'in', [...upTo.keys()])
            .execute()
          for (const { room_id } of left)
            await trx
              .updateTable('rooms_due')
              .set({ after_seq: upTo.get(room_id)!, due_at: dueAt, claimed_until: 0 })
              .where('room_id', '=', room_id)
              .execute()
        }
      }),

    async toldOf(roomId, userIds) {
      const found = new Map<number, number>()
      for (const part of chunksOf(userIds)) {
        const rows = await db
          .selectFrom('told')
          .select(['user_id', 'seq'])
          .where('room_id', '=', roomId)
          .where('user_id', 'in', part)
          .execute()
        for (const { user_id, seq } of rows) found.set(user_id, seq)
      }
      return found
    },

    async readRooms(reads, close, now) {
      if (reads.length === 0) return
      const upTo = new Map(reads.map(({ user_id, room_id, read_seq }) => [`${user_id}/${room_id}`, read_seq]))
      const rows = await db
        .selectFrom('told')
        .select(['user_id', 'room_id', 'seq', 'at'])
        .where('room_id', 'in', [...new Set(reads.map(({ room_id }) => room_id))])
        .where('user_id', 'in', [...new Set(reads.map(({ user_id }) => user_id))])
        .execute()
      for (const { user_id, room_id, seq, at: toldAt } of rows) {
        if (seq > (upTo.get(`${user_id}/${room_id}`) ?? -1)) continue
        const { tag, link } = close(room_id)
        await transaction(db, async (trx) => {
          const { numDeletedRows } = await trx
            .deleteFrom('told')
            .where('room_id', '=', room_id)
            .where('user_id', '=', user_id)
            .where('seq', '<=', seq)
            .executeTakeFirst()
          // Told of more meanwhile: that is not read.
          if (numDeletedRows === 0n) return
          await takeOff(trx, { user_id, tag, toldAt, link }, { now, perDay: closesPerDay })
        })
      }
    },

    toUser: (userId, { tag, payload, at, expiresAt }) =>
      transaction(db, (trx) =>
        schedule(trx, [userId], { tag, note_id: null, payload, now: at, at, expiresAt, trace: keptTrace() }),
      ),

    takeDeliveries: ({ now, until, limit, except }) =>
      transaction(db, async (trx) => {
        const due = await trx
          .selectFrom('deliveries')
          .select('id')
          .where('next_at', '<=', now)
          .where('claimed_until', '<=', now)
          .where('expires_at', '>', now)
          .$if(except.length > 0, (query) => query.where('host', 'not in', except))
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit * CANDIDATES)
          .execute()
        if (due.length === 0) return []
        // By their ids: what is sorted would be locked whole, and others would find nothing.
        const rows = await trx
          .selectFrom('deliveries')
          .selectAll()
          .where(
            'id',
            'in',
            due.map(({ id }) => id),
          )
          .where('claimed_until', '<=', now)
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit)
          .$if(locksRows(trx), (query) => query.forUpdate().skipLocked())
          .execute()
        if (rows.length === 0) return []
        const ids = rows.map(({ id }) => id)
        await trx.updateTable('deliveries').set({ claimed_until: until }).where('id', 'in', ids).execute()
        const of = rows.map(({ subscription_id }) => subscription_id)
        const devices = await trx.selectFrom('subscriptions').selectAll().where('id', 'in', of).execute()
        const byId = new Map(devices.map((device) => [device.id, subscriptionOf(device)]))
        return rows.flatMap(({ subscription_id, user_id: _user, next_at: _next, claimed_until: _until, ...row }) => {
          const subscription = byId.get(subscription_id)
          return subscription ? [{ ...row, subscription } satisfies Delivery] : []
        })
      }),

    async putBack(deliveries) {
      const ids = deliveries.map(({ id }) => id)
      if (ids.length > 0) await db.updateTable('deliveries').set({ claimed_until: 0 }).where('id', 'in', ids).execute()
    },

    async putOff(host, until, now) {
      for (;;) {
        const rows = await db
          .selectFrom('deliveries')
          .select('id')
          .where('host', '=', host)
          .where('next_at', '<', until)
          .where('claimed_until', '<=', now)
          .limit(PUT_OFF_AT_ONCE)
          .execute()
        if (rows.length === 0) return
        const ids = rows.map(({ id }) => id)
        await db.updateTable('deliveries').set({ next_at: until }).where('id', 'in', ids).execute()
      }
    },

    async delivered({ id, note_id }, shownAt) {
      if (note_id !== null && shownAt !== undefined)
        await db.updateTable('notifications').set({ pushed_at: shownAt }).where('id', '=', note_id).execute()
      await removed(id)
    },

    again: async ({ id, attempts }, at) =>
      void (await db
        .updateTable('deliveries')
        .set({ attempts: attempts + 1, next_at: at, claimed_until: 0 })
        .where('id', '=', id)
        .execute()),

    bury: ({ id, subscription: { user_id }, host, tag }, reason, now) =>
      transaction(db, async (trx) => {
        await trx.deleteFrom('deliveries').where('id', '=', id).execute()
        const dead = { user_id, host, tag, reason: reason.slice(0, MOST_OF_REASON), at: now }
        await trx.insertInto('dead_pushes').values(dead).execute()
      }),

    async expire(now) {
      let expired = 0
      for (let isMore = true; isMore;) {
        const old = await db
          .selectFrom('deliveries')
          .select(['id', 'user_id', 'host', 'tag', 'attempts'])
          .where('expires_at', '<=', now)
          .limit(EXPIRED_AT_ONCE)
          .execute()
        if (old.length > 0) await transaction(db, (trx) => dropOld(trx, old, now))
        expired += old.length
        isMore = old.length === EXPIRED_AT_ONCE
      }
      await db
        .deleteFrom('told')
        .where('at', '<=', now - TOLD_LIFE_MS)
        .execute()
      await db
        .deleteFrom('dead_pushes')
        .where('at', '<=', now - DEAD_LIFE_MS)
        .execute()
      return expired
    },

    putRight: ({ now, roomsUntil, pushesUntil, claimsUntil }) =>
      transaction(db, async (trx) => {
        await trx.updateTable('rooms_due').set({ due_at: now }).where('due_at', '>', roomsUntil).execute()
        await trx
          .updateTable('deliveries')
          .set({ next_at: now })
          .where('next_at', '>', now)
          .where('created_at', '>', now)
          .execute()
        // Told of before the clock went ahead, and put off while it was.
        await trx.updateTable('deliveries').set({ next_at: pushesUntil }).where('next_at', '>', pushesUntil).execute()
        for (const table of ['rooms_due', 'deliveries'] as const)
          await trx.updateTable(table).set({ claimed_until: 0 }).where('claimed_until', '>', claimsUntil).execute()
      }),

    async waiting(now) {
      const { rooms } = await db
        .selectFrom('rooms_due')
        .select(({ fn }) => fn.countAll<number>().as('rooms'))
        .where('due_at', '<=', now)
        .executeTakeFirstOrThrow()
      const { deliveries } = await db
        .selectFrom('deliveries')
        .select(({ fn }) => fn.countAll<number>().as('deliveries'))
        .where('next_at', '<=', now)
        .executeTakeFirstOrThrow()
      return { rooms, deliveries }
    },
  }
}

type Old = Readonly<{ id: number; user_id: number; host: string; tag: string; attempts: number }>

/** Those that were tried are kept for the operator, without their words. */
async function dropOld(trx: Trx, old: readonly Old[], now: number): Promise<void> {
  const dead = old
    .filter(({ attempts }) => attempts > 0)
    .map(({ id: _id, attempts, ...of }) => ({ ...of, reason: `too old after ${attempts} attempts`, at: now }))
  if (dead.length > 0) await trx.insertInto('dead_pushes').values(dead).execute()
  const ids = old.map(({ id }) => id)
  await trx.deleteFrom('deliveries').where('id', 'in', ids).execute()
}
