import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Type } from 'typebox'
import { backoffDelay } from './backoff.ts'
import { defineEvent } from './contract.ts'
import { defineEvents, validateEvent } from './events.ts'
import { partitionOf } from './partition.ts'

const UserRegistered = defineEvent({
  type: 'UserRegistered',
  topic: 'user.events',
  version: 2,
  summary: 'Somebody signed up',
  schema: Type.Object({ user_id: Type.Integer(), username: Type.String() }),
  key: ({ user_id }) => String(user_id),
})

test('make gives the flat value and the CloudEvents headers', () => {
  const record = UserRegistered.make({ user_id: 7, username: 'kim' }, { now: 0, traceparent: '00-a-b-01' })
  const { event_id } = record.value
  assert.match(event_id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  assert.deepEqual(record, {
    topic: 'user.events',
    key: '7',
    value: {
      user_id: 7,
      username: 'kim',
      event_id,
      event_type: 'UserRegistered',
      timestamp: '1970-01-01T00:00:00.000Z',
    },
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: event_id,
      ce_type: 'UserRegistered',
      ce_source: '/user-service',
      ce_time: '1970-01-01T00:00:00.000Z',
      ce_dataschema: '/user-service/events/UserRegistered/v2',
      traceparent: '00-a-b-01',
    },
  })
  assert.deepEqual(validateEvent(UserRegistered, record), [])
})

test('validation names what is wrong, and lets unknown fields pass', () => {
  const record = UserRegistered.make({ user_id: 7, username: 'kim' }, { clock: { now: () => 0 }, eventId: 'e1' })
  const { events, validate } = defineEvents([UserRegistered])
  assert.equal(events.length, 1)
  assert.deepEqual(validate({ ...record, value: { ...record.value, later: true } }), [])
  assert.match(validate({ ...record, value: { ...record.value, user_id: '7' } }).join(), /user_id/)
  assert.match(validate({ ...record, value: { ...record.value, timestamp: 'noon' } }).join(), /timestamp/)
  assert.match(validate({ ...record, topic: 'chat.events' }).join(), /topic/)
  assert.match(validate({ ...record, headers: { ...record.headers, ce_id: 'other' } }).join(), /ce_id/)
  assert.match(validate({ ...record, value: { ...record.value, event_type: 'Unknown' } }).join(), /unknown/)
  assert.throws(() => defineEvents([UserRegistered, UserRegistered]), /twice/)
})

test('the partition of a key never changes', () => {
  assert.equal(partitionOf('foobar', 2 ** 32), 0xbf9cf968, 'the published FNV-1a test vector')
  const keys = ['0', '17', '9007199254740993', '', 'user:1', '방-한글', '-3', '1.5']
  assert.deepEqual(
    keys.map((key) => partitionOf(key, 10)),
    [0, 7, 3, 1, 7, 2, 1, 3],
  )
})

test('property: a partition is always in range, and room n goes to n % partitions', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (key, n) => {
      const partition = partitionOf(key, n)
      assert.ok(Number.isInteger(partition) && partition >= 0 && partition < n)
    }),
  )
  fc.assert(fc.property(fc.maxSafeNat(), (room) => assert.equal(partitionOf(String(room), 10), room % 10)))
})

test('backoff doubles up to its cap, with full jitter', () => {
  const policy = { baseMs: 50, capMs: 2_000 }
  const most = [1, 2, 3, 7, 99].map((attempt) => backoffDelay(attempt, policy, () => 1))
  assert.deepEqual(most, [50, 100, 200, 2_000, 2_000])
  assert.equal(
    backoffDelay(3, policy, () => 0),
    0,
  )
})
