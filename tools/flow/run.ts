import assert from 'node:assert/strict'
import { eventually } from '@bigtech/testkit'
import { call } from '../../tests/support/http.ts'
import { READERS, type Installation } from './installation.ts'
import { STEPS, type Request, type Step } from './story.ts'
import { rowChanges, type KafkaRecord, type KeyChange, type Position, type RowChange, type Table } from './watch.ts'

const GROUPS = [...new Set(Object.values(READERS).flat())]

export type Answer = Readonly<{ status: number; body: string }>

/** A step, and all that it changed. */
export type Happened = Readonly<{
  step: Step
  exchange?: Readonly<{ request: Request; answer: Answer }>
  rows: readonly RowChange[]
  keys: readonly KeyChange[]
  records: readonly KafkaRecord[]
  positions: readonly Position[]
}>

/** The relay's lease is held by nobody who lives; longer than anybody looks, ms. */
const HELD_MS = 600_000
/** A consumer waits at most so long for a record, and a relay polls each second. */
const SETTLED_MS = 20_000

/** Takes the steps one after the other; each is told when its consequences are all there. */
export async function* runFlow(installation: Installation): AsyncGenerator<Happened> {
  const { mysql, redis, kafka } = installation
  const session = { token: '' }
  const state = { tables: await tablesOf(installation), read: 0, positions: '[]' }
  await redis.changes()

  for (const step of STEPS) {
    const database = installation.databaseOf('user_service')
    if (step.relay === 'held') await mysql.holdRelay(database, HELD_MS)
    if (step.relay === 'released') await mysql.releaseRelay(database)
    const exchange = step.request && { request: step.request, answer: await ask(installation, step.request, session) }
    const records: KafkaRecord[] = []
    await eventually(
      async () => {
        records.push(...kafka.take())
        const types = records.map(({ value }) => (JSON.parse(value) as { event_type: string }).event_type)
        assert.deepEqual(types.toSorted(), [...step.expects].sort(), step.title)
        await settled(installation, state.read + records.length, step.relay === 'held')
        if (step.writesLater === undefined) return
        const written = rowChanges(state.tables, await tablesOf(installation))
        assert.ok(
          written.some(({ table }) => table === step.writesLater),
          step.writesLater,
        )
      },
      { timeoutMs: SETTLED_MS, everyMs: 100 },
    )
    state.read += records.length
    const tables = await tablesOf(installation)
    const positions = await kafka.positions(GROUPS)
    yield {
      step,
      ...(exchange ? { exchange } : {}),
      rows: rowChanges(state.tables, tables),
      keys: await redis.changes(),
      records,
      positions: JSON.stringify(positions) === state.positions ? [] : positions,
    }
    Object.assign(state, { tables, positions: JSON.stringify(positions) })
  }
}

async function tablesOf({ mysql, name }: Installation): Promise<Map<string, Table>> {
  const named = [...(await mysql.tables())].map(([table, rows]) => [table.replace(`_${name}_`, '_'), rows] as const)
  return new Map(named)
}

/** Nothing waits any more: not in an outbox (but one that is held), not to be mailed, and not for a consumer. */
async function settled({ kafka, mysql }: Installation, read: number, held: boolean): Promise<void> {
  const ends = await kafka.ends()
  assert.equal(
    [...ends.values()].reduce((sum, end) => sum + end, 0),
    read,
    'records that were not expected',
  )
  const positions = await kafka.positions(GROUPS)
  for (const [place, end] of ends) {
    if (end === 0) continue
    const known = positions.find(({ topic, partition }) => `${topic}/${partition}` === place)
    for (const group of READERS[place.split('/')[0]!]!)
      assert.equal(Number(known?.groups[group] ?? 0), end, `${group} in ${place}`)
  }
  for (const [table, { rows }] of await mysql.tables())
    if (table.endsWith('.mails') || (table.endsWith('.outbox') && !held)) assert.equal(rows.length, 0, table)
}

async function ask({ gateway }: Installation, request: Request, session: { token: string }): Promise<Answer> {
  const { method, path, body, signedIn } = request
  const answer = await call(method, gateway + path, { body, ...(signedIn ? { token: session.token } : {}) })
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
  const { access_token } = answer.json() as { access_token?: string }
  if (access_token) session.token = access_token
  return { status: answer.status, body: answer.text }
}
