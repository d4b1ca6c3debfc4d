import { randomBytes } from 'node:crypto'
import { once } from '@bigtech/messaging'
import { locksRows, transaction } from '@bigtech/sql'
import { MAIL_LIFE_MS } from '../../domain/mail.ts'
import type { MailStore, Once, WaitingMail } from '../../ports.ts'
import type { Db, Trx } from './schema.ts'

const GROUP = 'notification-service'
/** Of one that waits for something to happen. */
const NEVER = Number.MAX_SAFE_INTEGER
const EXPIRED_AT_ONCE = 500

export function createSqlMailStore(db: Db): MailStore {
  const inTurn = async ({ event_id, now }: Once, effect: (trx: Trx) => Promise<void>): Promise<void> =>
    void (await once(db, { group: GROUP, eventId: `${event_id}/mail`, now }, effect))

  return {
    add: (event, { user_id, kind, at, recipient }) =>
      inTurn(event, (trx) =>
        insertMail(trx, {
          user_id,
          kind,
          event_id: event.event_id,
          at,
          dueAt: recipient ? NEVER : event.now,
          ...(recipient ? { address: recipient.email, name: recipient.display_name } : {}),
        }),
      ),

    release: (event, { user_id, kind }) =>
      inTurn(
        event,
        async (trx) =>
          void (await trx
            .updateTable('mails')
            .set({ next_at: event.now, at: event.now, expires_at: event.now + MAIL_LIFE_MS[kind] })
            .where('user_id', '=', user_id)
            .where('kind', '=', kind)
            .where('next_at', '=', NEVER)
            .execute()),
      ),

    drop: (event, { user_id, kind }) =>
      inTurn(
        event,
        async (trx) =>
          void (await trx
            .deleteFrom('mails')
            .where('user_id', '=', user_id)
            .where('kind', '=', kind)
            .where('next_at', '=', NEVER)
            .execute()),
      ),

    take: ({ now, until, limit }) =>
      transaction(db, async (trx) => {
        const due = await trx
          .selectFrom('mails')
          .selectAll()
          .where('next_at', '<=', now)
          .where('claimed_until', '<=', now)
          .where('expires_at', '>', now)
          .orderBy('next_at')
          .limit(limit)
          .$if(locksRows(trx), (query) => query.forUpdate().skipLocked())
          .execute()
        if (due.length === 0) return []
        const ids = due.map(({ id }) => id)
        await trx.updateTable('mails').set({ claimed_until: until }).where('id', 'in', ids).execute()
        return due.map(({ address, name, next_at: _next, claimed_until: _until, ...mail }): WaitingMail => ({
          ...mail,
          recipient: address === null ? null : { email: address, display_name: name ?? '' },
        }))
      }),

    putRight: ({ dueUntil, claimsUntil }) =>
      transaction(db, async (trx) => {
        await trx
          .updateTable('mails')
          .set({ next_at: dueUntil })
          .where('next_at', '>', dueUntil)
          .where('next_at', '<', NEVER)
          .execute()
        await trx
          .updateTable('mails')
          .set({ claimed_until: claimsUntil })
          .where('claimed_until', '>', claimsUntil)
          .execute()
      }),

    done: async ({ id }) => void (await db.deleteFrom('mails').where('id', '=', id).execute()),

    again: async ({ id, attempts }, at) =>
      void (await db
        .updateTable('mails')
        .set({ attempts: attempts + 1, next_at: at, claimed_until: 0 })
        .where('id', '=', id)
        .execute()),

    bury: ({ id, user_id, kind }, reason, now) =>
      transaction(db, async (trx) => {
        await trx.deleteFrom('mails').where('id', '=', id).execute()
        await trx
          .insertInto('dead_pushes')
          .values({ user_id, host: 'mail', tag: kind, reason: reason.slice(0, 500), at: now })
          .execute()
      }),

    async expire(now) {
      let expired = 0
      for (let isMore = true; isMore;) {
        const old = await db
          .selectFrom('mails')
          .select(['id', 'user_id', 'kind', 'attempts'])
          .where('expires_at', '<=', now)
          .limit(EXPIRED_AT_ONCE)
          .execute()
        if (old.length > 0) await transaction(db, (trx) => dropOld(trx, old, now))
        expired += old.length
        isMore = old.length === EXPIRED_AT_ONCE
      }
      return expired
    },

    async waiting(now) {
      const { count } = await db
        .selectFrom('mails')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('next_at', '<=', now)
        .executeTakeFirstOrThrow()
      return count
    },

    dueDigests: (now, limit) =>
      db
        .selectFrom('digests')
        .select(['user_id', 'next_at'])
        .where('next_at', '<=', now)
        .orderBy('next_at')
        .limit(limit)
        .execute(),

    digest: ({ user_id, next_at: was }, next_at, now) =>
      transaction(db, async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('digests')
          .set({ next_at })
          .where('user_id', '=', user_id)
          .where('next_at', '=', was)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return
        await insertMail(trx, { user_id, kind: 'digest', event_id: `digest-${user_id}-${was}`, at: now, dueAt: now })
      }),

    async unsubscribeToken(userId) {
      const row = await db
        .selectFrom('digests')
        .select('unsubscribe_token')
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row?.unsubscribe_token
    },

    async subscriberOf(token) {
      const row = await db
        .selectFrom('digests')
        .select('user_id')
        .where('unsubscribe_token', '=', token)
        .executeTakeFirst()
      return row?.user_id
    },
  }
}

type Old = Pick<WaitingMail, 'id' | 'user_id' | 'kind' | 'attempts'>

async function dropOld(trx: Trx, old: readonly Old[], now: number): Promise<void> {
  const dead = old.map(({ user_id, kind, attempts }) => ({
    user_id,
    host: 'mail',
    tag: kind,
    reason: `too old after ${attempts} attempts`,
    at: now,
  }))
  await trx.insertInto('dead_pushes').values(dead).execute()
  const ids = old.map(({ id }) => id)
  await trx.deleteFrom('mails').where('id', 'in', ids).execute()
}

/** Part of a change of settings. @param at when the first digest comes; null: none any more */
export async function planDigest(trx: Trx, user_id: number, at: number | null): Promise<void> {
  if (at === null) return void (await trx.deleteFrom('digests').where('user_id', '=', user_id).execute())
  const known = await trx.selectFrom('digests').select('user_id').where('user_id', '=', user_id).executeTakeFirst()
  if (known) return
  const unsubscribe_token = randomBytes(24).toString('base64url')
  await trx.insertInto('digests').values({ user_id, next_at: at, unsubscribe_token }).execute()
}

async function insertMail(
  trx: Trx,
  mail: {
    user_id: number
    kind: WaitingMail['kind']
    event_id: string
    at: number
    dueAt: number
    address?: string
    name?: string
  },
): Promise<void> {
  const { dueAt, ...rest } = mail
  await trx
    .insertInto('mails')
    .values({
      address: null,
      name: null,
      ...rest,
      attempts: 0,
      claimed_until: 0,
      next_at: dueAt,
      expires_at: mail.at + MAIL_LIFE_MS[mail.kind],
    })
    .execute()
}
