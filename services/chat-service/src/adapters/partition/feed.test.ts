import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeToken } from '@bigtech/partition-log'
import { createPartitionFeed, type FeedPorts } from './feed.ts'

test('what was missed is not told while tables are made anew: they lack what this process has seen', async () => {
  let n = 7
  const seen = [{ p: 0, owner: undefined, seen: { n: 7, at: 70 } }]
  const ports = {
    node: { status: () => seen, hub: { feed: { token: 70 } } },
    tables: { missed: async () => ({ missed: { rooms: [], left: [] }, positions: [{ n, at: n * 10 }] }) },
    coordination: { read: async () => ({ leases: [], nodes: [] }) },
    onStored: () => undefined,
    epoch: 'epoch',
  } as unknown as FeedPorts
  const feed = createPartitionFeed(ports)
  const query = { user_id: 1, limit: 10, total: 100, token: makeToken('epoch', 40) }
  assert.equal((await feed.missed(query))?.token, makeToken('epoch', 70))
  n = 3
  await assert.rejects(feed.missed(query), { code: 'STORAGE_UNAVAILABLE' })
  n = 8
  assert.ok(await feed.missed(query))
})
