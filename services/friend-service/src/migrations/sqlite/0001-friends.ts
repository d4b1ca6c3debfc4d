import { createInboxTable, createOutboxTables } from '@bigtech/messaging'
import type { Kysely, Migration } from '@bigtech/sql'

export const friends: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db
    await schema
      .createTable('requests')
      .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('from_user_id', 'bigint', (column) => column.notNull())
      .addColumn('to_user_id', 'bigint', (column) => column.notNull())
      .addColumn('status', 'varchar(20)', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('decided_at', 'bigint')
      .execute()
    await schema.createIndex('requests_received').on('requests').columns(['to_user_id', 'status', 'id']).execute()
    await schema.createIndex('requests_sent').on('requests').columns(['from_user_id', 'status', 'id']).execute()
    // Two rows a friendship, so that one's friends are one range.
    await schema
      .createTable('friendships')
      .addColumn('user_id', 'bigint', (column) => column.notNull())
      .addColumn('friend_id', 'bigint', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('friendships_pk', ['user_id', 'friend_id'])
      .execute()
    await schema
      .createIndex('friendships_newest')
      .on('friendships')
      .columns(['user_id', 'since', 'friend_id'])
      .execute()
    await schema
      .createTable('blocks')
      .addColumn('user_id', 'bigint', (column) => column.notNull())
      .addColumn('blocked_user_id', 'bigint', (column) => column.notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('blocks_pk', ['user_id', 'blocked_user_id'])
      .execute()
    await schema.createIndex('blocks_of').on('blocks').column('blocked_user_id').execute()
    await schema
      .createTable('profiles')
      .addColumn('user_id', 'bigint', (column) => column.primaryKey())
      .addColumn('username', 'varchar(100)', (column) => column.notNull())
      .addColumn('display_name', 'varchar(200)', (column) => column.notNull())
      .addColumn('status_message', 'varchar(500)')
      .addColumn('profile_image_url', 'varchar(500)')
      .addColumn('active', 'smallint', (column) => column.notNull())
      .execute()
    await createOutboxTables(db)
    await createInboxTable(db)
  },
}
