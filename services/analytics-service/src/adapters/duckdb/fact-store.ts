import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Fact } from '../../domain/facts.ts'
import type { FactStore } from '../../ports.ts'
import { createDatabase } from './database.ts'
import { literal, parquetOf } from './export.ts'
import { encodeFacts, rewriteFacts, withFile } from './files.ts'
import * as people from './people.ts'
import * as questions from './questions.ts'
import { DAY_MS, FACTS, PERSONAL, ROLLUP_NAMES, ROLLUPS, SCHEMA, VERSION } from './schema.ts'
import { rowsOf } from './sources.ts'
import { adoptFile, forgetPerson, writeBatch } from './write.ts'

export type FactStoreOptions = Readonly<{
  file: string
  /** Bytes; default 512 MiB. */
  memory?: number
  /** Default 2. */
  threads?: number
  /** ms without anything to do after which the file is closed; default 60 s. */
  idleMs?: number
}>

/** The statistics in one DuckDB file; nothing is opened or loaded before it is needed. */
export function createDuckdbFactStore(options: FactStoreOptions): DuckdbFactStore {
  const { file, memory = 512 * 1_024 ** 2, threads = 2, idleMs = 60_000 } = options
  const database = createDatabase({ file, memory, threads, idleMs, prepare })
  const ask =
    <A extends unknown[], T>(question: (connection: DuckDBConnection, ...asked: A) => Promise<T>) =>
    (...asked: A): Promise<T> =>
      database.read((connection) => question(connection, ...asked))

  return {
    write: (batch) => database.write((connection) => writeBatch(connection, batch)),
    positions: () =>
      database.read(async (connection) => {
        const reader = await connection.runAndReadAll(
          'SELECT topic, partition, next_offset FROM positions ORDER BY ALL',
        )
        return reader.getRows().map(([topic, partition, offset]) => ({
          topic: topic as string,
          partition: Number(partition),
          offset: Number(offset),
        }))
      }),

    figures: ask(questions.figures),
    kindCounts: ask(questions.kindCounts),
    messageCounts: ask(questions.messageCounts),
    hoursOfDay: ask(questions.hoursOfDay),
    peopleCounts: ask(people.peopleCounts),
    funnel: ask(questions.funnel),
    roomCounts: ask(questions.roomCounts),
    topRooms: ask(questions.topRooms),
    latencies: ask(questions.latencies),
    cohorts: ask(people.cohorts),
    careCounts: ask(questions.careCounts),

    async seal({ now, limit }) {
      let sealed = 0
      // Each in a transaction of its own: what is written meanwhile does not wait for all of them.
      while (sealed < limit && (await database.write((connection) => sealOldest(connection, now)))) sealed++
      return sealed
    },
    async forgetKeys(before) {
      await database.write(async (connection) => {
        await connection.run(`DELETE FROM forgotten WHERE forgotten_at < ${before}`)
      })
    },
    knows: (userId) =>
      database.read(async (connection) => {
        const tables = [...PERSONAL, 'forgotten'].map(
          (table) => `SELECT 1 FROM ${table} WHERE user_id = ${BigInt(userId)}`,
        )
        return (await connection.runAndReadAll(`${tables.join(' UNION ALL ')} LIMIT 1`)).currentRowCount > 0
      }),
    totals: () =>
      database.read(async (connection) => {
        const [row] = await rowsOf(
          connection,
          'SELECT count(*) AS facts, min(moment) AS first_at, max(moment) AS last_at FROM facts',
        )
        const { facts, first_at, last_at } = row!
        return { facts: facts!, first_at: first_at || null, last_at: last_at || null }
      }),
    parquetOf: (rows) => database.read((connection) => parquetOf(connection, file, rows)),

    exists: () => existsSync(file),
    async openBeside() {
      const beside = `${file}.new`
      for (const left of [beside, `${beside}.wal`]) await rm(left, { force: true })
      const other = createDuckdbFactStore({ ...options, file: beside })
      const known = await database.read(async (connection) =>
        (await connection.runAndReadAll('SELECT user_id, stands_as, forgotten_at FROM forgotten')).getRows(),
      )
      for (const [user, as, at] of known) await other.forgetAs(Number(user), Number(as), Number(at))
      return other
    },
    adopt: (other, before) =>
      withFile(file, async (dump) => {
        await (other as DuckdbFactStore).dump(dump, before)
        await database.write((connection) => adoptFile(connection, dump))
      }),
    dump: (to, before) =>
      database.read(async (connection) => {
        const some = [...before].map(([kind, time]) => `(kind = ${kind} AND moment < ${time})`).join(' OR ') || 'false'
        await connection.run(`COPY (SELECT ${FACTS} FROM facts WHERE ${some}) TO ${literal(to)} (FORMAT parquet)`)
      }),
    async replaceWith(other) {
      await other.close()
      await database.replaceWith(`${file}.new`)
    },
    close: () => database.close(),

    load: (bytes, name) =>
      withFile(file, async (object) => {
        await writeFile(object, bytes)
        await database.write(async (connection) => {
          await adoptFile(connection, object)
          await rememberObject(connection, name)
        })
      }),
    encode: (facts) => database.write((connection) => encodeFacts(connection, file, facts)),
    rewrite: (parts) => database.write((connection) => rewriteFacts(connection, file, parts)),
    objects: () =>
      database.read(async (connection) =>
        (await connection.runAndReadAll('SELECT name FROM objects')).getRows().map(([name]) => name as string),
      ),
    remember: (name) => database.write((connection) => rememberObject(connection, name)),
    async disremember(names) {
      if (names.length === 0) return
      await database.write(
        async (connection) =>
          void (await connection.run(`DELETE FROM objects WHERE name IN (${names.map(literal).join(', ')})`)),
      )
    },
    standIn: (userId) =>
      database.read(async (connection) => {
        const [row] = await rowsOf(connection, `SELECT stands_as FROM forgotten WHERE user_id = ${BigInt(userId)}`)
        return row?.['stands_as']
      }),
    forgetAs: (userId, standsAs, at) => database.write((connection) => forgetPerson(connection, userId, at, standsAs)),
  }
}

async function rememberObject(connection: DuckDBConnection, name: string): Promise<void> {
  await connection.run('INSERT INTO objects VALUES ($name) ON CONFLICT DO NOTHING', { name })
}

/** As one of many processes has it, beside what every store of facts does. */
export type DuckdbFactStore = FactStore & {
  /** Of the kinds what happened before a time, as a file. */
  dump(to: string, before: ReadonlyMap<number, number>): Promise<void>
  /** Facts of an object (Parquet), and that it was read, in one transaction. */
  load(bytes: Uint8Array, name: string): Promise<void>
  encode(facts: readonly Fact[]): Promise<Uint8Array>
  /** Objects as one; undefined for a single one in which nobody has closed the account. */
  rewrite(parts: readonly Uint8Array[]): Promise<Uint8Array | undefined>
  /** What was read, by name. */
  objects(): Promise<string[]>
  remember(name: string): Promise<void>
  /** They are no more. */
  disremember(names: readonly string[]): Promise<void>
  /** The number by which somebody who closed the account is known. */
  standIn(userId: number): Promise<number | undefined>
  forgetAs(userId: number, standsAs: number, at: number): Promise<void>
}

/** A file of another version is no error of the operator's: it is made anew from what can be read of it (rebuild). */
export class OtherVersion extends Error {}

async function prepare(connection: DuckDBConnection): Promise<void> {
  await connection.run(SCHEMA)
  const [about] = await rowsOf(connection, 'SELECT version FROM about')
  if (!about) await connection.run(`INSERT INTO about VALUES (${VERSION})`)
  else if (about['version'] !== VERSION)
    throw new OtherVersion(`the statistics are of version ${about['version']}, this program is of ${VERSION}`)
}

/** Days that are over: those that can still grow are cheaper to read as they are. */
async function sealOldest(connection: DuckDBConnection, now: number): Promise<boolean> {
  const today = Math.floor(now / DAY_MS)
  const [open] = await rowsOf(
    connection,
    `SELECT day FROM days WHERE NOT sealed AND day < ${today} ORDER BY day LIMIT 1`,
  )
  if (!open) return false
  const day = open['day']!
  for (const name of ROLLUP_NAMES) {
    await connection.run(`DELETE FROM ${name} WHERE day = ${day}`)
    await connection.run(`INSERT INTO ${name} ${ROLLUPS[name](day * DAY_MS, (day + 1) * DAY_MS)}`)
  }
  await connection.run(`UPDATE days SET sealed = true WHERE day = ${day}`)
  return true
}
