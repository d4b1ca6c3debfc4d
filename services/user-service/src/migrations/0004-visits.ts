import { sql, type Kysely, type Migration } from '@bigtech/sql'

/** Finds what is old of that which makes streams long. */
export const visits: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE INDEX user_events_visits ON user_events (event_type, occurred_at)`.execute(db)
  },
}
