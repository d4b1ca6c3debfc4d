import type { Kysely, Migration } from '@bigtech/sql'

/** Who looked after a report, and when; neither while it is open. Those there were are open. */
export const handledReports: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('reports').addColumn('handled_by', 'bigint').execute()
    await db.schema.alterTable('reports').addColumn('handled_at', 'bigint').execute()
    await db.schema.createIndex('reports_handled').on('reports').columns(['handled_at', 'id']).execute()
  },
}
