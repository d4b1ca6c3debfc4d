import { sql, type Kysely, type Migration } from '@bigtech/sql'

/**
 * Up to where a partition's tables were when they began to be made anew: until they come to it they lack what was told long ago, also for a process that has
 * seen nothing of before. What was done is passed over.
 */
export const madeAnew: Migration = {
  async up(db: Kysely<unknown>) {
    const { rows } = await sql`SELECT 1 FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'partition_positions' AND column_name = 'whole_n'`.execute(db)
    if (rows.length === 0)
      await sql`ALTER TABLE partition_positions ADD COLUMN whole_n BIGINT NOT NULL DEFAULT 0`.execute(db)
  },
}
