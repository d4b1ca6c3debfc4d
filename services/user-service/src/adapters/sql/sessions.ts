import { locksRows } from '@bigtech/sql'
import type { ExpressionBuilder } from 'kysely'
import type { SessionRef, Sessions } from '../../ports.ts'
import type { Db, UserSchema } from './schema.ts'

const FIELDS = [
  'sessions.id',
  'sessions.user_id',
  'sessions.device',
  'sessions.ip',
  'sessions.created_at',
  'sessions.last_used_at',
  'sessions.expires_at',
  'sessions.revoked_at',
] as const

export function createSessions(db: Db): Sessions {
  return {
    async create(session, refreshTokenHash) {
      await db
        .insertInto('sessions')
        .values({ ...session, revoked_at: null })
        .execute()
      await db
        .insertInto('refresh_tokens')
        .values({ token_hash: refreshTokenHash, session_id: session.id, used_at: null, successor_salt: null })
        .execute()
    },
    async findByToken(tokenHash) {
      const row = await db
        .selectFrom('refresh_tokens')
        .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
        .select(FIELDS)
        .select(['refresh_tokens.used_at', 'refresh_tokens.successor_salt'])
        .where('refresh_tokens.token_hash', '=', tokenHash)
        .$if(locksRows(db), (query) => query.forUpdate())
        .executeTakeFirst()
      if (!row) return undefined
      const { used_at, successor_salt, ...session } = row
      return { session, used: used_at === null ? null : { at: used_at, salt: successor_salt } }
    },
    async rotate({ sessionId, oldHash, newHash, salt, now, expiresAt, ip }) {
      const { numUpdatedRows } = await db
        .updateTable('refresh_tokens')
        .set({ used_at: now, successor_salt: salt })
        .where('token_hash', '=', oldHash)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      if (numUpdatedRows !== 1n) return false
      await db
        .insertInto('refresh_tokens')
        .values({ token_hash: newHash, session_id: sessionId, used_at: null, successor_salt: null })
        .execute()
      await db
        .updateTable('sessions')
        .set({ last_used_at: now, expires_at: expiresAt, ip })
        .where('id', '=', sessionId)
        .execute()
      return true
    },
    active: (userId, now) =>
      db
        .selectFrom('sessions')
        .select(FIELDS)
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .orderBy('last_used_at', 'desc')
        .orderBy('id', 'desc')
        .execute(),
    async addressesOf(userId) {
      const of = db.selectFrom('sessions').select('ip').distinct().where('user_id', '=', userId)
      const rows = await of.where('ip', 'is not', null).execute()
      return rows.map(({ ip }) => ip!)
    },
    async devicesOf(userId) {
      const rows = await db.selectFrom('sessions').select('device').distinct().where('user_id', '=', userId).execute()
      return rows.map(({ device }) => device)
    },
    async revoke(userId, which, now) {
      let open = db.selectFrom('sessions').select('id').where('user_id', '=', userId).where('revoked_at', 'is', null)
      if ('ids' in which) {
        if (which.ids.length === 0) return []
        open = open.where('id', 'in', which.ids)
      } else if (which.allBut !== null) open = open.where('id', '<>', which.allBut)
      if (locksRows(db)) open = open.forUpdate()
      const ids = (await open.execute()).map((row) => row.id)
      if (ids.length === 0) return []
      await db.updateTable('sessions').set({ revoked_at: now }).where('id', 'in', ids).execute()
      return ids.map((session_id): SessionRef => ({ session_id, user_id: userId }))
    },
    async anonymize(userId) {
      await db.updateTable('sessions').set({ device: null, ip: null }).where('user_id', '=', userId).execute()
    },
    async revokedSince(time) {
      const rows = await db.selectFrom('sessions').select(['id', 'user_id']).where('revoked_at', '>=', time).execute()
      return rows.map((row) => ({ session_id: row.id, user_id: row.user_id }))
    },
    async prune(time) {
      const isEnded = (eb: ExpressionBuilder<UserSchema, 'sessions'>) =>
        eb.or([eb('expires_at', '<', time), eb('revoked_at', '<', time)])
      const ended = db.selectFrom('sessions').select('id').where(isEnded)
      const results = [
        await db
          .deleteFrom('refresh_tokens')
          .where((eb) => eb.or([eb('used_at', '<', time), eb('session_id', 'in', ended)]))
          .executeTakeFirst(),
        // MySQL deletes from no table that it has to look into meanwhile.
        await db.deleteFrom('sessions').where(isEnded).executeTakeFirst(),
        await db.deleteFrom('password_resets').where('expires_at', '<', time).executeTakeFirst(),
        await db.deleteFrom('email_confirmations').where('expires_at', '<', time).executeTakeFirst(),
        await db.deleteFrom('inbox').where('processed_at', '<', time).executeTakeFirst(),
      ]
      return results.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0)
    },
  }
}
