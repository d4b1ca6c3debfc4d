import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PartitionState } from '@bigtech/client'
import { eventually, tempDir } from '@bigtech/testkit'
import { distributedEnv, startDistributed } from '../support/distributed-server.ts'
import { noEngines } from '../support/engines.ts'
import { call, ok, openDirect, register, registerAdmin, testEnv } from '../support/index.ts'

const PARTITIONS = 4

type Answer = { items: PartitionState[]; away: { name: string }[] }

test(
  'operations show which process of two writes each partition, and up to where both have seen it',
  {
    skip: noEngines(),
  },
  async (t) => {
    const env = { ...testEnv(tempDir(t)), ...distributedEnv(), CHAT_PARTITIONS: String(PARTITIONS) }
    const world = await startDistributed(t, env)
    const { gateway } = world.urls
    const operator = await registerAdmin(world)
    const [minji, haru] = [await register(world.urls, '민지'), await register(world.urls, '하루')]
    const room = await openDirect(minji, haru)
    for (let i = 0; i < 5; i++) await minji.say(room.id, `${i}`)
    const read = () => ok<Answer>(call('GET', `${gateway}/api/ops/partitions`, { token: operator.token }))
    await eventually(
      async () => {
        const { items, away } = await read()
        assert.deepEqual(
          items.map(({ partition, owner }) => [partition, owner?.is_serving]),
          [...Array(PARTITIONS).keys()].map((p) => [p, true]),
        )
        assert.deepEqual(away, [])
        for (const { owner, seen } of items) {
          assert.deepEqual([owner!.unapplied, owner!.unpublished, owner!.waiting], [0, 0, 0])
          assert.deepEqual(
            seen.map(({ n }) => n),
            [owner!.n, owner!.n],
          )
          assert.ok(seen.some(({ process }) => process === owner!.process))
        }
        assert.ok(items[room.id % PARTITIONS]!.owner!.n >= 6, 'the room and its messages')
      },
      { timeoutMs: 20_000 },
    )

    // The second process goes: what it wrote has another owner, of a later term.
    const before = await read()
    await world.chatProcesses[1].close()
    await eventually(
      async () => {
        const { items, away } = await read()
        assert.equal(away.length, 1)
        const [gone] = away
        for (const [p, { owner, seen }] of items.entries()) {
          assert.ok(owner?.is_serving && owner.process !== gone!.name, `partition ${p} has an owner`)
          const was = before.items[p]!.owner!
          assert.ok(was.process === owner.process ? was.term === owner.term : was.term < owner.term)
          assert.equal(seen.length, 1)
        }
      },
      { timeoutMs: 30_000 },
    )
  },
)
