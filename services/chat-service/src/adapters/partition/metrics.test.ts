import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PartitionStatus } from '@bigtech/partition-log'
import { createMetrics } from '@bigtech/telemetry'
import { eventually } from '@bigtech/testkit'
import { change } from '../chat-store.fixture.ts'
import { measureCommits, measureIndex, measurePartitions } from './metrics.ts'
import { openProcesses, PARTITIONS } from './store.fixture.ts'

const seen = { n: 9, at: 1 }
const owner = { term: 3, isServing: true, n: 12, unapplied: 2, unpublished: 5, waiting: 7 }

async function read(metrics: ReturnType<typeof createMetrics>) {
  const samples = (await metrics.samples()).filter(({ name }) => name.startsWith('partition_'))
  return Object.fromEntries(samples.map(({ name, labels, value }) => [`${name} ${labels['partition']}`, value]))
}

test('the index tells how many rooms it is behind with, at each look', async () => {
  const metrics = createMetrics('chat-service')
  const indexer = { waiting: 3 }
  measureIndex(metrics, indexer)
  const look = async () => (await metrics.samples()).find(({ name }) => name === 'search_index_waiting_rooms')?.value
  assert.equal(await look(), 3)
  indexer.waiting = 0
  assert.equal(await look(), 0)
})

test('an owner tells of its partitions, everybody what was seen; who is none any more tells no lag', async () => {
  const metrics = createMetrics('chat-service')
  let now: PartitionStatus[] = [
    { p: 0, owner, seen },
    { p: 1, owner: undefined, seen },
    { p: 2, owner: { ...owner, isServing: false, n: 0, unapplied: 0, unpublished: undefined, waiting: 4 }, seen },
  ]
  measurePartitions(metrics, () => now)
  assert.deepEqual(await read(metrics), {
    'partition_owned 0': 1,
    'partition_owned 1': 0,
    'partition_owned 2': 0,
    'partition_seen_document 0': 9,
    'partition_seen_document 1': 9,
    'partition_seen_document 2': 9,
    'partition_last_document 0': 12,
    'partition_unapplied_documents 0': 2,
    'partition_unpublished_documents 0': 5,
    'partition_waiting_commands 0': 7,
    'partition_waiting_commands 2': 4,
  })
  now = [{ p: 0, owner: undefined, seen }]
  assert.deepEqual(await read(metrics), { 'partition_owned 0': 0, 'partition_seen_document 0': 9 })
})

test('documents are counted with their commands', async () => {
  const metrics = createMetrics('chat-service')
  const onCommit = measureCommits(metrics)
  onCommit(4, 1)
  onCommit(4, 160)
  const text = await metrics.text()
  assert.match(text, /^partition_commit_commands_bucket\{le="1",.*partition="4"\} 1$/m)
  assert.match(text, /^partition_commit_commands_bucket\{le="160",.*partition="4"\} 2$/m)
  assert.match(text, /^partition_commit_commands_sum\{.*partition="4"\} 161$/m)
})

test('a process on the log has them: each partition is owned once, and what was written there is counted', async (t) => {
  const both = [createMetrics('chat-service'), createMetrics('chat-service')] as const
  const { rooms } = await openProcesses(t, ['a#1', 'b#1'], { metrics: both })
  const made = await rooms.createGroup({ ...change(1), name: '모임', member_ids: [2] })
  assert.ok(typeof made === 'object')
  const p = made.room_id % PARTITIONS
  await eventually(async () => {
    const [a, b] = await Promise.all(both.map(read))
    const all = (name: string) => (a![`${name} ${p}`] ?? 0) + (b![`${name} ${p}`] ?? 0)
    assert.equal(all('partition_owned'), 1)
    assert.equal(all('partition_commit_commands_count'), 1)
    assert.equal(all('partition_last_document') * 2, all('partition_seen_document'))
    assert.equal(all('partition_unpublished_documents'), 0)
  })
})
