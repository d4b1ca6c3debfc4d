import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** Messages that do not count as unread, so that a room's number is found from positions without looking at what does count. */
export const uncounted: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE INDEX messages_uncounted ON messages (room_id, seq)
      WHERE message_type = 'system' OR deleted_at IS NOT NULL`.execute(db)
  },
}
