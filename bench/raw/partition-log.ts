/**
 * Appends a second of the partition log on MySQL or MariaDB, for one partition and for ten at once, each of which writes one document after
 * the other. Beside it, in turns, the same inserts by the driver alone: no Kysely, no limits of time, no checks.
 *
 *     node bench/raw/partition-log.ts mysql://user:password@host:port [seconds of each]
 */
import { randomUUID } from 'node:crypto'
import { openMysqlChatLog } from '@bigtech/chat-service/adapters'
import type { LogDocument } from '@bigtech/partition-log'
import { createPool } from 'mysql2/promise'

type Bodies = { body: string; command: never; answer: never; state: never }

const url = process.argv[2]
const seconds = Number(process.argv[3] ?? 3)
if (!url) throw new Error('node bench/raw/partition-log.ts mysql://user:password@host:port [seconds]')

const ROUNDS = 3
const TEXT = '오늘 저녁 같이 먹을래요? 👍🏽 '.repeat(3)
const documentOf = (p: number, n: number, count: number): LogDocument<Bodies> => ({
  p,
  n,
  term: 1,
  at: 1_700_000_000_000_000 + n,
  by: 'bench#1/0.123456789',
  entries: Array.from({ length: count }, (_, i) => ({ room: p + i, f: n, key: `1:${n}-${i}`, body: TEXT })),
})

type Append = (document: LogDocument<Bodies>) => Promise<unknown>
let partition = 0

/** @returns appends a second of `partitions` new partitions together, and the median and 99th percentile of one, ms */
async function measure(append: Append, partitions: number, entries: number) {
  const took: number[] = []
  const began = performance.now()
  const write = async (p: number) => {
    for (let n = 1; performance.now() - began < seconds * 1_000; n++) {
      const document = documentOf(p, n, entries)
      const before = performance.now()
      await append(document)
      took.push(performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: partitions }, () => write(++partition)))
  const perS = took.length / ((performance.now() - began) / 1_000)
  took.sort((a, b) => a - b)
  return { perS, p50: took[Math.floor(took.length * 0.5)]!, p99: took[Math.floor(took.length * 0.99)]! }
}

const database = `bigtech_bench_${randomUUID().replaceAll('-', '')}`
const store = await openMysqlChatLog<Bodies>({ url, database, connections: 10 })
const pool = createPool({ uri: url, database, connectionLimit: 10, charset: 'utf8mb4_bin' })
try {
  await pool.query('CREATE TABLE raw LIKE log')
  const append: Record<string, Append> = {
    log: (document) => store.log.append(document),
    raw: ({ p, n, term, at, by, entries }) =>
      pool.query('INSERT INTO raw (p, n, term, at, `by`, entries) VALUES (?, ?, ?, ?, ?, ?)', [
        p,
        n,
        term,
        at,
        by,
        JSON.stringify(entries),
      ]),
  }
  // Both are warm before either is measured.
  for (const each of Object.values(append)) await measure(each, 10, 10)
  for (const partitions of [1, 10])
    for (const entries of [1, 10, 100]) {
      const all: Record<string, Awaited<ReturnType<typeof measure>>[]> = { log: [], raw: [] }
      for (let round = 0; round < ROUNDS; round++)
        for (const name of round % 2 ? ['raw', 'log'] : ['log', 'raw'])
          all[name]!.push(await measure(append[name]!, partitions, entries))
      const middle = (name: string) => all[name]!.sort((a, b) => a.perS - b.perS)[Math.floor(ROUNDS / 2)]!
      const [log, raw] = [middle('log'), middle('raw')]
      const bytes = JSON.stringify(documentOf(1, 1, entries).entries).length
      console.log(
        `partitions: ${partitions}, entries: ${entries} (${bytes} characters): ${log.perS.toFixed(0)} appends/s, ` +
          `${log.p50.toFixed(2)} ms (p99 ${log.p99.toFixed(2)}); raw ${raw.perS.toFixed(0)}, ` +
          `${raw.p50.toFixed(2)} ms (p99 ${raw.p99.toFixed(2)}); ÷ raw ${(log.perS / raw.perS).toFixed(3)}`,
      )
    }
} finally {
  await pool.query(`DROP DATABASE ${database}`)
  await pool.end()
  await store.close()
}
