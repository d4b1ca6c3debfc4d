import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTestClock } from '@bigtech/testkit'
import fc from 'fast-check'
import { dlqTopic } from '../dlq-headers.ts'
import type { EventBus, EventRecord } from '../ports.ts'
import { redactionHeader } from '../redaction.ts'
import { event, tempDir, type Scope } from '../testing.ts'
import { createEmbeddedBus } from './embedded-bus.ts'

const TOPIC = { name: 'texts', partitions: 2, retentionMs: 3_600_000 }

async function openBus(t: Scope) {
  const clock = createTestClock()
  const file = join(tempDir(t), 'events.db')
  const bus = await createEmbeddedBus({ file, clock })
  t.after(() => bus.close())
  await bus.ensureTopics([TOPIC, { ...TOPIC, name: dlqTopic(TOPIC.name) }])
  return { bus, clock, file }
}

const said = (room: string, id: string, content: string, topic = TOPIC.name): EventRecord => {
  const record = event(topic, room, 0, 'Said')
  return { ...record, value: { ...record.value, message_id: id, content } }
}

/** An event that takes the text of `id` back and, if it is an edit, brings another. */
function takesBack(room: string, id: string, since: number, content?: string): EventRecord {
  const record = event(TOPIC.name, room, 0, content === undefined ? 'Deleted' : 'Edited')
  return {
    ...record,
    value: { ...record.value, message_id: id, ...(content === undefined ? {} : { content }) },
    headers: { ...record.headers, ...redactionHeader({ field: 'message_id', value: id, since, clear: ['content'] }) },
  }
}

async function textsOf(bus: EventBus, topic = TOPIC.name): Promise<string[]> {
  const texts: string[] = []
  for (const { partitions } of (await bus.admin.topics()).filter(({ name }) => name === topic))
    for (const { partition } of partitions)
      for (const { value } of await bus.admin.read({ topic, partition, offset: 0, limit: 10_000 }))
        if (typeof value['content'] === 'string' && value['content'] !== '') texts.push(value['content'])
  return texts.sort()
}

test('of all that was said, edited and deleted, the log holds what stands now, and nothing else', async (t) => {
  const { bus, clock } = await openBus(t)
  const step = fc.record({
    room: fc.constantFrom('1', '2', '3'),
    message: fc.nat(5),
    wait: fc.integer({ min: 0, max: 200_000 }),
    delete: fc.boolean(),
    together: fc.boolean(),
  })
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      run++
      const standing = new Map<string, { text: string; at: number } | undefined>()
      let batch: EventRecord[] = []
      for (const [n, { room, message, wait, delete: deletes, together }] of steps.entries()) {
        clock.advance(wait)
        const id = `msg_${run}_${room}_${message}`
        const text = `run ${run}, text ${n}`
        const known = standing.get(id)
        const at = clock.now()
        if (!standing.has(id)) batch.push(said(room, id, text))
        else if (!known) continue
        else batch.push(takesBack(room, id, known.at, deletes ? undefined : text))
        standing.set(id, standing.has(id) && deletes ? undefined : { text, at })
        if (together) continue
        await bus.publish(batch)
        batch = []
      }
      await bus.publish(batch)
      const mine = (await textsOf(bus)).filter((text) => text.startsWith(`run ${run},`))
      assert.deepEqual(mine, [...standing.values()].flatMap((one) => one?.text ?? []).sort())
    }),
    { numRuns: 60 },
  )
})

test('only that message is meant, a copy among the dead letters too', async (t) => {
  const { bus, clock } = await openBus(t)
  const reply = said('1', 'msg_1_3', 'an answer')
  await bus.publish([
    said('1', 'msg_1_2', 'secret'),
    { ...reply, value: { ...reply.value, reply_to: 'msg_1_2' } },
    said('1', 'msg_1_22', 'another'),
    said('2', 'msg_1_2', 'same id in another room'),
    said('1', 'msg_1_2', 'secret', dlqTopic(TOPIC.name)),
  ])
  await bus.publish([takesBack('1', 'msg_1_2', clock.now())])
  assert.deepEqual(await textsOf(bus), ['an answer', 'another', 'same id in another room'])
  assert.deepEqual(await textsOf(bus, dlqTopic(TOPIC.name)), [])
})

test('a text is found though the clock was set back meanwhile', async (t) => {
  const { bus, clock } = await openBus(t)
  for (let n = 0; n < 20; n++) await bus.publish([said('1', `msg_1_${100 + n}`, `old ${n}`)])
  const at = clock.now()
  await bus.publish([said('1', 'msg_1_2', 'secret')])
  clock.set(at - 3_600_000)
  for (let n = 0; n < 40; n++) await bus.publish([said('1', `msg_1_${200 + n}`, `new ${n}`)])
  await bus.publish([takesBack('1', 'msg_1_2', at)])
  assert.ok(!(await textsOf(bus)).includes('secret'))
})

test('copies of an event are all cleared, and its own repetition is not', async (t) => {
  const { bus, clock } = await openBus(t)
  const sent = said('1', 'msg_1_2', 'before')
  const edited = takesBack('1', 'msg_1_2', clock.now(), 'after')
  await bus.publish([sent, sent])
  await bus.publish([edited])
  await bus.publish([edited])
  assert.deepEqual(await textsOf(bus), ['after', 'after'])
})

test('what is pruned gives its space back', async (t) => {
  const { bus, clock, file } = await openBus(t)
  for (let i = 0; i < 40; i++)
    await bus.publish(Array.from({ length: 100 }, (_, n) => said('1', `msg_${i}_${n}`, 'x'.repeat(1_000))))
  const full = statSync(file).size + statSync(`${file}-wal`).size
  clock.advance(TOPIC.retentionMs + 1)
  assert.equal(await bus.admin.prune(clock.now()), 4_000)
  await bus.close()
  const { size } = statSync(file)
  assert.ok(size < full / 4, `${size} of ${full} bytes are left`)
})
