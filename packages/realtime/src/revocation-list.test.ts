import assert from 'node:assert/strict'
import { it, type TestContext } from 'node:test'
import { createTestClock, eventually } from '@bigtech/testkit'
import type { Broker } from './broker.ts'
import { sessionRevoked, SESSIONS_CHANNEL } from './contract.ts'
import { createMemoryBroker } from './memory-broker.ts'
import { createRevocationList } from './revocation-list.ts'

const ended = (id: string) => ({ session_id: id, user_id: 7 })

/** A source whose answers are given by the test, and a broker that can have gaps. */
function open(t: TestContext) {
  const [inner, clock] = [createMemoryBroker(), createTestClock()]
  const asked: (number | undefined)[] = []
  const answers: ((answer: string[] | Error) => void)[] = []
  let gap = () => {}
  let becomeEffective = () => {}
  const broker: Broker = {
    publish: (channel, frame) => inner.publish(channel, frame),
    subscribe(channel, listener, onGap = () => {}) {
      gap = onGap
      const effective = new Promise<void>((resolve) => (becomeEffective = resolve))
      return { ...inner.subscribe(channel, listener), effective }
    },
  }
  const troubles: unknown[] = []
  const list = createRevocationList(broker, {
    clock,
    onTrouble: (error) => troubles.push(error),
    source(since) {
      asked.push(since)
      const as_of = clock.now()
      return new Promise((resolve, reject) => {
        answers.push((answer) =>
          answer instanceof Error ? reject(answer) : resolve({ sessions: answer.map(ended), as_of }),
        )
      })
    },
  })
  t.after(() => list.close())
  /** The next question, which is answered when the test says so. */
  const question = (n: number) => eventually(() => assert.equal(asked.length, n))
  return {
    broker,
    clock,
    list,
    asked,
    answers,
    troubles,
    question,
    gap: () => gap(),
    effective: () => becomeEffective(),
  }
}

it('every listener learns of ended sessions and forgets them when their tokens are dead', () => {
  const [broker, clock] = [createMemoryBroker(), createTestClock()]
  const list = createRevocationList(broker, { clock })
  broker.publish(SESSIONS_CHANNEL, sessionRevoked(ended('s1')))
  broker.publish(SESSIONS_CHANNEL, JSON.stringify({ type: 'something_new', session_id: 's2' }))
  clock.advance(15 * 60_000)
  assert.deepEqual([list.isRevoked('s1'), list.isRevoked('s2')], [true, false])
  clock.advance(6 * 60_000)
  assert.equal(list.isRevoked('s1'), false)
  list.close()
  broker.publish(SESSIONS_CHANNEL, sessionRevoked(ended('s3')))
  assert.equal(list.isRevoked('s3'), false)
})

it('a new list asks for what ended before, once what ends from then on arrives', async (t) => {
  const { list, asked, answers, question, effective } = open(t)
  await Promise.resolve()
  assert.equal(asked.length, 0)
  effective()
  await question(1)
  answers[0]!(['s1'])
  await eventually(() => assert.equal(list.isRevoked('s1'), true))
  assert.deepEqual(asked, [undefined])
})

it('after a gap it asks for what ended since the last answer, and a little before', async (t) => {
  const { list, clock, asked, answers, question, effective, gap } = open(t)
  effective()
  await question(1)
  const first = clock.now()
  answers[0]!([])
  await list.complete()
  clock.advance(200_000)
  gap()
  await question(2)
  answers[1]!(['s1'])
  await eventually(() => assert.equal(list.isRevoked('s1'), true))
  assert.deepEqual(asked, [undefined, first - 60_000])
})

it('a gap while it asks makes it ask again: the answer may be older than what was lost', async (t) => {
  const { list, answers, question, effective, gap } = open(t)
  effective()
  await question(1)
  gap()
  answers[0]!([])
  await question(2)
  answers[1]!(['s1'])
  await eventually(() => assert.equal(list.isRevoked('s1'), true))
})

it('who needs a complete list waits for the first answer, hears of a failure, and asks no more after that', async (t) => {
  const { list, asked, answers, troubles } = open(t)
  const away = new Error('user-service is away')
  const two = [list.complete(), list.complete()]
  answers[0]!(away)
  for (const one of two) await assert.rejects(one, away)
  const next = list.complete()
  answers[1]!(['s1'])
  await next
  assert.equal(list.isRevoked('s1'), true)
  await list.complete()
  assert.deepEqual([asked.length, troubles], [2, []])
})

it('a source that is away takes nothing from what is known', async (t) => {
  const { list, broker, answers, asked, question, effective, gap, troubles } = open(t)
  effective()
  await question(1)
  answers[0]!(['s1'])
  await list.complete()
  gap()
  await question(2)
  answers[1]!(new Error('user-service is being replaced'))
  await eventually(async () => {
    gap()
    await new Promise(setImmediate)
    assert.ok(asked.length > 2)
  })
  assert.deepEqual(troubles, [])
  for (const answer of answers.slice(2)) answer(new Error('user-service is away'))
  await eventually(() => assert.match(String(troubles[0]), /is away/))
  broker.publish(SESSIONS_CHANNEL, sessionRevoked(ended('s2')))
  assert.deepEqual([list.isRevoked('s1'), list.isRevoked('s2')], [true, true])
})

it('without any sign from the broker it asks every 30 s', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { list, answers, asked } = open(t)
  const first = list.complete()
  answers[0]!([])
  await first
  t.mock.timers.tick(29_999)
  assert.equal(asked.length, 1)
  t.mock.timers.tick(1)
  assert.equal(asked.length, 2)
  answers[1]!(['s1'])
  await eventually(() => assert.equal(list.isRevoked('s1'), true))
})
