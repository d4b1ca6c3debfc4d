import { createInboxTable, createOutboxTables } from '@bigtech/messaging'
import { sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * Outbox and inbox as the other services have them. What was not published yet moves over in its order, parked or not; the stream keeps what
 * happened and nothing of its publishing.
 */
export const outboxAndInbox: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.dropTable('outbox_lease').execute()
    await createOutboxTables(db)
    await createInboxTable(db)
    await sql`
      INSERT INTO outbox (topic, record_key, value, headers, attempts, parked, last_error, created_at)
      SELECT record ->> 'topic', record ->> 'key', record -> 'value', record -> 'headers', attempts,
        CASE WHEN parked_at IS NULL THEN 0 ELSE 1 END, last_error, occurred_at
      FROM user_events WHERE published_at IS NULL AND record IS NOT NULL ORDER BY id`.execute(db)
    await sql`
      INSERT INTO inbox (consumer_group, event_id, processed_at)
      SELECT 'user-service', event_id, handled_at FROM handled_events`.execute(db)
    await db.schema.dropTable('handled_events').execute()
    await db.schema.dropIndex('user_events_unpublished').execute()
    for (const column of ['record', 'published_at', 'parked_at', 'attempts', 'last_error'])
      await db.schema.alterTable('user_events').dropColumn(column).execute()
  },
}
