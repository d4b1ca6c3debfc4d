import { enqueue } from '@bigtech/messaging'
import { locksRows, violatedKey, type StaleReads } from '@bigtech/sql'
import type { Insertable, Selectable, Transaction } from 'kysely'
import { userErrors } from '../../contract/errors.ts'
import { searchKey, usernameKey } from '../../domain/names.ts'
import { replay, type StoredUserEvent, type User } from '../../domain/user.ts'
import { VersionConflict, type Happened, type NewEvent, type StreamEvent, type UserRecords } from '../../ports.ts'
import type { Db, UserSchema, UserTable } from './schema.ts'
import { searchUsers } from './search.ts'

/** @param stale for searches, which may be behind */
export function createUserRecords(db: Db, stale: StaleReads<UserSchema> = (read) => read(db)): UserRecords {
  const insertEvents = async (userId: number, firstVersion: number, events: readonly NewEvent[]) => {
    if (events.length === 0) return
    await db
      .insertInto('user_events')
      .values(events.map((event, i) => eventRow(userId, firstVersion + i, event)))
      .execute()
    for (const { record, at } of events) await enqueue(db as Transaction<UserSchema>, [record], at)
  }
  return {
    async load(id) {
      const row = await db
        .selectFrom('users')
        .selectAll()
        .where('id', '=', id)
        // What is decided on it is still true when it is saved.
        .$if(locksRows(db), (query) => query.forUpdate())
        .executeTakeFirst()
      return row && { user: toUser(row), version: row.version }
    },
    async create(user, make) {
      const row = await taken(() =>
        db
          .insertInto('users')
          .values({ ...userRow(user), version: 0 })
          .executeTakeFirstOrThrow(),
      )
      const id = Number(row.insertId)
      const events = make(id)
      await insertEvents(id, 1, events)
      await db.updateTable('users').set({ version: events.length }).where('id', '=', id).execute()
      return id
    },
    async save(user, expectedVersion, events) {
      const { numUpdatedRows } = await taken(() =>
        db
          .updateTable('users')
          .set({ ...userRow(user), version: expectedVersion + events.length })
          .where('id', '=', user.id)
          .where('version', '=', expectedVersion)
          .executeTakeFirst(),
      )
      if (numUpdatedRows !== 1n) throw new VersionConflict(`user ${user.id} is no longer at version ${expectedVersion}`)
      await insertEvents(user.id, expectedVersion + 1, events)
    },
    async redact(id, rewrite) {
      const rows = await db.selectFrom('user_events').selectAll().where('user_id', '=', id).execute()
      for (const row of rows)
        await db
          .updateTable('user_events')
          .set({ data: JSON.stringify(rewrite(toEvent(row)).data) })
          .where('id', '=', row.id)
          .execute()
    },
    async findByEmail(email) {
      const row = await db.selectFrom('users').selectAll().where('email', '=', email).executeTakeFirst()
      return row && toUser(row)
    },
    async findByUsernameKey(key) {
      const row = await db.selectFrom('users').selectAll().where('username_key', '=', key).executeTakeFirst()
      return row && toUser(row)
    },
    async byIds(ids) {
      if (ids.length === 0) return []
      const rows = await db.selectFrom('users').selectAll().where('id', 'in', ids).execute()
      return rows.map(toUser)
    },
    async list({ status, after, limit }) {
      let query = db.selectFrom('users').selectAll().orderBy('id').limit(limit)
      if (status !== undefined) query = query.where('status', '=', status)
      if (after !== undefined) query = query.where('id', '>', after)
      return (await query.execute()).map(toUser)
    },
    search: async (options) => (await stale((on) => searchUsers(on, options))).map(toUser),
    async stream(id, { until } = {}) {
      let query = db.selectFrom('user_events').selectAll().where('user_id', '=', id).orderBy('version')
      if (until !== undefined) query = query.where('occurred_at', '<=', until)
      return (await query.execute()).map(toStreamEvent)
    },
    async recent(id, { type, before, limit }) {
      let query = db
        .selectFrom('user_events')
        .selectAll()
        .where('user_id', '=', id)
        .where('event_type', '!=', FOLDED)
        .orderBy('id', 'desc')
        .limit(limit)
      if (type !== undefined) query = query.where('event_type', '=', type)
      if (before !== undefined) query = query.where('id', '<', before)
      return (await query.execute()).map((row) => toStreamEvent(row) as Happened)
    },
    async withOldVisits(before, limit) {
      const rows = await db
        .selectFrom('user_events')
        .select('user_id')
        .where('event_type', 'in', ['UserLoggedIn', 'UserLoggedOut'])
        .where('occurred_at', '<', before)
        .limit(limit)
        .execute()
      return [...new Set(rows.map(({ user_id }) => user_id))]
    },
    async fold(id, before) {
      // Nobody appends to the stream or erases from it meanwhile.
      await db
        .selectFrom('users')
        .select('id')
        .where('id', '=', id)
        .$if(locksRows(db), (query) => query.forUpdate())
        .execute()
      // The first ones: a stream's times never go back.
      const old = await this.stream(id, { until: before - 1 })
      const last = old.at(-1)
      const state = replay(id, old)
      if (!last || !state || old.length < 2) return 0
      const { id: _id, ...data } = state
      await db
        .updateTable('user_events')
        .set({ event_type: FOLDED, data: JSON.stringify(data) })
        .where('id', '=', last.id)
        .execute()
      const { numDeletedRows } = await db
        .deleteFrom('user_events')
        .where('user_id', '=', id)
        .where('version', '<', last.version)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

const FOLDED: StoredUserEvent['type'] = 'HistoryFolded'

/** By the keys of MySQL, and the columns of SQLite. */
const TAKEN = new Map([
  ['users_email', userErrors.EMAIL_TAKEN],
  ['users.email', userErrors.EMAIL_TAKEN],
  ['users_username_key', userErrors.USERNAME_TAKEN],
  ['users.username_key', userErrors.USERNAME_TAKEN],
])

async function taken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const taken = TAKEN.get(violatedKey(error) ?? '')
    throw taken?.() ?? error
  }
}

const userRow = (user: Omit<User, 'id'>): Omit<Insertable<UserTable>, 'version'> => ({
  email: user.email,
  email_confirmed_at: user.email_confirmed_at,
  username: user.username,
  username_key: user.status === 'closed' ? null : usernameKey(user.username),
  display_name: user.display_name,
  display_key: searchKey(user.display_name),
  status_message: user.status_message,
  image_key: user.image_key,
  age: user.age,
  phone: user.phone,
  status: user.status,
  role: user.role,
  login_count: user.login_count,
  last_login_at: user.last_login_at,
  saga_id: user.saga_id,
  created_at: user.created_at,
  updated_at: user.updated_at,
})

function toUser({ version: _v, username_key: _u, display_key: _d, ...row }: Selectable<UserTable>): User {
  return { ...row, status: row.status as User['status'], role: row.role as User['role'] }
}

const eventRow = (userId: number, version: number, { event, at, record }: NewEvent) => ({
  user_id: userId,
  version,
  event_type: event.type,
  data: JSON.stringify(event.data),
  event_id: record.value.event_id,
  occurred_at: at,
  traceparent: record.headers['traceparent'] ?? null,
})

type EventRow = Selectable<UserSchema['user_events']>

const toEvent = (row: EventRow) => ({ type: row.event_type, data: JSON.parse(row.data) as unknown }) as StoredUserEvent

const toStreamEvent = (row: EventRow): StreamEvent => ({
  id: row.id,
  version: row.version,
  event: toEvent(row),
  event_id: row.event_id,
  at: row.occurred_at,
})
