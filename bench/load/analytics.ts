import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { batchOf, scopeOf } from '@bigtech/analytics-service'
import { createDuckdbFactStore, type DuckdbFactStore } from '@bigtech/analytics-service/adapters'
import { serveCommands } from '../harness/worker.ts'
import type { Figures } from '../harness/workload.ts'

/** Statistics of many messages, in a process of their own: loaded, asked, and the same files read by DuckDB alone. */

const DAY_MS = 86_400_000
const END = Date.parse('2026-03-31T15:00:00Z')
const DAYS = 92
const USERS = 100_000
const ROOMS = 1_000_000
/** Conversations go on beside each other, so many messages long. */
const [BESIDE, LONG] = [1_000, 20]
const BATCH = 50_000

let store: DuckdbFactStore
let folder: string

/** A day of messages as a Parquet file, made by DuckDB: conversations of two people, their reading, some new accounts. */
const dayOf = (day: number, perDay: number, file: string): string => `
  COPY (
    WITH message AS (
      SELECT i, ${END - (DAYS - day) * DAY_MS} + (i - ${day * perDay}) * ${DAY_MS} // ${perDay} AS moment,
        i // ${BESIDE * LONG} AS wave, i % ${BESIDE} AS beside, (i % ${BESIDE * LONG}) // ${BESIDE} AS turn
      FROM range(${day * perDay}, ${(day + 1) * perDay}) t(i)
    ), said AS (
      SELECT *, (hash(wave * ${BESIDE} + beside) % ${ROOMS})::BIGINT + 1 AS room_id FROM message
    )
    SELECT moment, (hash(i) % 9007199254740991)::BIGINT AS event, 0::UTINYINT AS kind,
      (hash(room_id * 2 + turn % 2) % ${USERS})::BIGINT + 1 AS user_id, room_id, wave * ${LONG} + turn AS seq,
      (CASE WHEN i % 10 = 0 THEN 1 ELSE 0 END)::UTINYINT AS type, (CASE WHEN i % 7 = 0 THEN 2 ELSE 1 END)::UTINYINT AS language,
      (i % 60)::INTEGER AS length, (CASE WHEN i % 10 = 0 THEN 1 ELSE 0 END)::UTINYINT AS file, 0 AS mentions FROM said
    UNION ALL
    SELECT moment + 20000, (hash(i + 1000000000) % 9007199254740991)::BIGINT, 7::UTINYINT, (hash(room_id * 2 + (turn + 1) % 2) % ${USERS})::BIGINT + 1,
      room_id, wave * ${LONG} + turn, 0::UTINYINT, 0::UTINYINT, 0, 0::UTINYINT, 0 FROM said WHERE i % 10 = 0
    UNION ALL
    SELECT moment, (hash(i + 2000000000) % 9007199254740991)::BIGINT, (8 + 2 * (i % 2))::UTINYINT, (i // ${Math.max(1, Math.floor((perDay * DAYS) / USERS))})::BIGINT + 1,
      0, 0, 0::UTINYINT, 0::UTINYINT, 0, 0::UTINYINT, 0 FROM message WHERE i % ${Math.max(2, Math.floor((perDay * DAYS) / USERS / 2) * 2)} < 2
  ) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`

async function withDuckdb<T>(work: (run: (sql: string) => Promise<unknown>) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' })
  const connection = await instance.connect()
  try {
    return await work(async (sql) => (await connection.runAndReadAll(sql)).getRows())
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** Of five times the slowest: nobody waits for the mean. */
async function slowest(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let n = 0; n < 5; n++) times.push(await timeOf(work))
  return Math.max(...times)
}

/** kB → MiB; the most that the process ever had. */
const peakMib = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1_024

const commands = {
  async prepare({ at, messages }: { at: string; messages: number }): Promise<Figures> {
    folder = at
    mkdirSync(join(folder, 'parquet'), { recursive: true })
    await withDuckdb(async (run) => {
      for (let day = 0; day < DAYS; day++)
        await run(
          dayOf(day, Math.floor(messages / DAYS), join(folder, 'parquet', `${String(day).padStart(3, '0')}.parquet`)),
        )
    })
    return {}
  },
  async open({ at }: { at: string }): Promise<Figures> {
    folder = at
    return {}
  },
  /** All files into the statistics, with all their days sealed. */
  async load(_nothing: object): Promise<Figures> {
    store = createDuckdbFactStore({ file: join(folder, 'analytics.duckdb'), idleMs: 3_600_000 })
    const names = readdirSync(join(folder, 'parquet')).toSorted((a, b) => (a < b ? -1 : 1))
    const loading = await timeOf(async () => {
      for (const name of names) await store.load(readFileSync(join(folder, 'parquet', name)), name)
    })
    const sealing = await timeOf(() => store.seal({ now: END + 2 * DAY_MS, limit: 1_000 }))
    const { facts } = await store.totals()
    return {
      facts,
      parquet_facts_per_s: facts / (loading / 1_000),
      sealed_facts_per_s: facts / (sealing / 1_000),
      file_mib: statSync(join(folder, 'analytics.duckdb')).size / 1_024 ** 2,
    }
  },
  /** Events as they come from the log, decoded from JSON, in batches as consumers have them. */
  async ingest({ batches }: { batches: number }): Promise<Figures> {
    const own = createDuckdbFactStore({ file: join(folder, `ingest-${Date.now()}.duckdb`) })
    let seq = 0
    const texts = Array.from({ length: batches }, () =>
      Array.from({ length: BATCH }, () => {
        const event_id = `0198c2aa-5b7c-7cc0-9a67-${String(++seq).padStart(12, '0')}`
        const timestamp = new Date(END + seq).toISOString()
        const on = { message_id: `msg_1_${seq}`, room_id: seq % 1_000, user_id: seq % 500, seq, rev: seq }
        const said = {
          ...on,
          content: '안녕하세요, 내일 몇 시에 볼까요?',
          message_type: 'text',
          reply_to: null,
          file_id: null,
        }
        return JSON.stringify({ event_type: 'MessageSent', ...said, timestamp, event_id })
      }),
    )
    const ms = await timeOf(async () => {
      // While one is written the next is decoded, as it is when partitions are read beside each other.
      let written: Promise<void> = Promise.resolve()
      for (const [index, batch] of texts.entries()) {
        const records = batch.map((text, n) => ({
          topic: 'message.events',
          partition: 0,
          offset: index * BATCH + n,
          value: JSON.parse(text),
        }))
        const decoded = batchOf(records, END)
        await written
        written = own.write(decoded)
      }
      await written
    })
    await own.close()
    return { ingested_events_per_s: (batches * BATCH) / (ms / 1_000) }
  },
  /** What the screen asks for a month, each question alone. */
  async ask(_nothing: object): Promise<Figures> {
    const scope = scopeOf({ tz: 'Asia/Seoul' }, END - 1)
    const weeks = scopeOf({ from: '2026-01-05', interval: 'week', tz: 'Asia/Seoul' }, END - 1)
    if (typeof scope === 'string' || typeof weeks === 'string') throw new Error('the scope is wrong')
    return {
      overview_ms: await slowest(() => store.figures(scope)),
      messages_ms: await slowest(() => store.messageCounts(scope)),
      hours_ms: await slowest(() => store.hoursOfDay(scope)),
      users_ms: await slowest(() => store.peopleCounts(scope)),
      funnel_ms: await slowest(() => store.funnel(scope)),
      rooms_ms: await slowest(() => store.roomCounts(scope)),
      top_rooms_ms: await slowest(() => store.topRooms(scope, 20)),
      latencies_ms: await slowest(() => store.latencies(scope)),
      retention_ms: await slowest(() => store.cohorts(weeks)),
      peak_mib: peakMib(),
    }
  },
  /** DuckDB alone, asked the same of the files: what it takes without anything counted before. */
  async askFiles(_nothing: object): Promise<Figures> {
    const from = END - 30 * DAY_MS
    const source = `read_parquet('${join(folder, 'parquet', '*.parquet')}') WHERE moment >= ${from}`
    return withDuckdb(async (run) => ({
      messages_ms: await slowest(() =>
        run(`SELECT moment // ${DAY_MS}, type, language, count(*) FROM ${source} AND kind = 0 GROUP BY ALL`),
      ),
      users_ms: await slowest(() =>
        run(`SELECT moment // ${DAY_MS}, count(DISTINCT user_id) FROM ${source} GROUP BY ALL`),
      ),
      rooms_ms: await slowest(() =>
        run(`SELECT moment // ${DAY_MS}, count(DISTINCT room_id) FROM ${source} AND kind = 0 GROUP BY ALL`),
      ),
      top_rooms_ms: await slowest(() =>
        run(`SELECT room_id, count(*) AS n FROM ${source} AND kind = 0 GROUP BY ALL ORDER BY n DESC LIMIT 20`),
      ),
      peak_mib: peakMib(),
    }))
  },
}

export type AnalyticsCommands = typeof commands
serveCommands(commands)
