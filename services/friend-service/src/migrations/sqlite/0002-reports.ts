import type { Kysely, Migration } from '@bigtech/sql'

export const reports: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('reports')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('reporter_id', 'bigint', (column) => column.notNull())
      .addColumn('user_id', 'bigint', (column) => column.notNull())
      .addColumn('reason', 'varchar(20)', (column) => column.notNull())
      .addColumn('note', 'varchar(1000)', (column) => column.notNull())
      .addColumn('message_ids', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema.createIndex('reports_by').on('reports').columns(['reporter_id', 'created_at']).execute()
    await db.schema.createIndex('reports_about').on('reports').column('user_id').execute()
  },
}
