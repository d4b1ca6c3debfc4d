import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createEmbeddedBus } from './embedded/embedded-bus.ts'
import { EncodedRecord, jsonOf } from './encoded-record.ts'
import { eventBusContract } from './event-bus.contract.ts'
import { createNamespacedBus, createUnnamedBus } from './namespaced-bus.ts'
import type { EventBus } from './ports.ts'
import { collector, event, readAll, tempDir } from './testing.ts'

const TOPIC = { name: 'numbers', partitions: 1, retentionMs: 3_600_000 }

eventBusContract('one installation of several', async (t) => {
  const file = join(tempDir(t), 'events.db')
  let shared = await createEmbeddedBus({ file })
  t.after(() => shared.close())
  const bus = createNamespacedBus(shared, 'seoul')
  return {
    bus,
    async reopen() {
      await shared.close()
      return createNamespacedBus((shared = await createEmbeddedBus({ file })), 'seoul')
    },
    async expire(topic) {
      const before = (await readAll(bus, topic)).flat().length
      assert.equal(await bus.admin.prune(Date.now() + 86_400_000 + 60_000), before)
    },
  }
})

async function seesOnlyItsOwn(bus: EventBus): Promise<void> {
  assert.deepEqual(
    (await bus.admin.topics()).map(({ name }) => name),
    ['numbers'],
  )
  assert.deepEqual(
    (await bus.admin.lag()).map(({ group, topic }) => [group, topic]),
    [['g', 'numbers']],
  )
}

test('two installations on one broker neither see nor disturb each other', async (t) => {
  const shared = await createEmbeddedBus({ file: join(tempDir(t), 'events.db') })
  t.after(() => shared.close())
  const [seoul, busan] = [createNamespacedBus(shared, 'seoul'), createNamespacedBus(shared, 'busan')]
  for (const bus of [seoul, busan]) await bus.ensureTopics([TOPIC])
  const [inSeoul, inBusan] = [collector(), collector()]
  await seoul.subscribe({ group: 'g', topics: ['numbers'], handler: inSeoul.handler })
  await busan.subscribe({ group: 'g', topics: ['numbers'], handler: inBusan.handler })
  // As an outbox gives it: text that nobody has read.
  const first = event('numbers', 'a', 1)
  await seoul.publish([new EncodedRecord(first.topic, first.key, jsonOf(first))])
  await busan.publish([event('numbers', 'a', 2), event('numbers', 'a', 3)])
  await inSeoul.until(1)
  await inBusan.until(2)
  assert.equal((await readAll(seoul, 'numbers')).flat().length, 1)
  assert.equal((await readAll(busan, 'numbers')).flat().length, 2)
  for (const bus of [seoul, busan]) await seesOnlyItsOwn(bus)
})

test('an installation without a name sees nothing of those that have one', async (t) => {
  const shared = await createEmbeddedBus({ file: join(tempDir(t), 'events.db') })
  t.after(() => shared.close())
  const [unnamed, busan] = [createUnnamedBus(shared), createNamespacedBus(shared, 'busan')]
  for (const bus of [unnamed, busan]) {
    await bus.ensureTopics([TOPIC])
    await bus.subscribe({ group: 'g', topics: ['numbers'], handler: async () => {} })
  }
  await unnamed.publish([event('numbers', 'a', 1)])
  await busan.publish([event('numbers', 'a', 2)])
  for (const bus of [unnamed, busan]) {
    await seesOnlyItsOwn(bus)
    assert.equal((await readAll(bus, 'numbers')).flat().length, 1)
  }
  await assert.rejects(unnamed.admin.read({ topic: 'busan.numbers', partition: 0, offset: 0, limit: 1 }), {
    code: 'UNKNOWN_TOPIC',
  })
})
