import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import { tempDir } from '@bigtech/testkit'
import { MigrationError } from './migrate.ts'
import { openSqliteDatabase } from './sqlite/database.ts'
import { openSqlite } from './sqlite/open.ts'

type Schema = { users: { id: number; name: string } }

const first: Migration = {
  up: (db: Kysely<unknown>) =>
    db.schema
      .createTable('users')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .execute(),
}
const second: Migration = {
  up: (db: Kysely<unknown>) => db.schema.alterTable('users').addColumn('name', 'text').execute(),
}
const broken: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`CREATE TABLE half (id INTEGER)`.execute(db)
    throw new Error('column is missing')
  },
}

const tables = (file: string): unknown[] => {
  const db = openSqlite(file)
  const rows = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all()
  db.close()
  return rows.map((row) => row['name']).filter((name) => !String(name).startsWith('kysely_'))
}

test('a new database gets all migrations; an old one only what is missing, and keeps its rows', async (t) => {
  const file = join(tempDir(t), 'a.db')
  const old = await openSqliteDatabase<Schema>(file, 'user', { '0001_users': first })
  await sql`INSERT INTO users (id) VALUES (1)`.execute(old)
  await old.destroy()
  for (let i = 0; i < 2; i++) {
    const db = await openSqliteDatabase<Schema>(file, 'user', { '0001_users': first, '0002_name': second })
    assert.deepEqual({ ...(await db.selectFrom('users').selectAll().executeTakeFirstOrThrow()) }, { id: 1, name: null })
    await db.destroy()
  }
})

test('a database of a newer program is refused in one clear sentence, and not touched', async (t) => {
  const file = join(tempDir(t), 'a.db')
  const newer = await openSqliteDatabase<Schema>(file, 'user', { '0001_users': first, '0009_future': second })
  await newer.destroy()
  await assert.rejects(openSqliteDatabase<Schema>(file, 'user', { '0001_users': first }), (error) => {
    assert.ok(error instanceof MigrationError)
    assert.equal(
      error.message,
      'The user database was written by a newer version of this program (it has the unknown migration 0009_future). ' +
        'Start that version, or choose another DATA_DIR.',
    )
    return true
  })
  assert.deepEqual(tables(file), ['users'])
})

test('a migration that fails leaves nothing of itself, and says what and why', async (t) => {
  const file = join(tempDir(t), 'a.db')
  await assert.rejects(
    openSqliteDatabase<Schema>(file, 'user', { '0001_users': first, '0002_half': broken }),
    (error) => {
      assert.ok(error instanceof MigrationError)
      assert.match(error.message, /^Migrating the user database failed: column is missing$/)
      return true
    },
  )
  assert.ok(!tables(file).includes('half'))
  const db = await openSqliteDatabase<Schema>(file, 'user', { '0001_users': first, '0002_name': second })
  await db.destroy()
  assert.deepEqual(tables(file), ['users'])
})
