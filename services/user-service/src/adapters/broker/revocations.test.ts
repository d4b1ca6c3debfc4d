import assert from 'node:assert/strict'
import { it } from 'node:test'
import { createMemoryBroker } from '@bigtech/realtime'
import { createTestClock } from '@bigtech/testkit'
import { createBrokerRevocations, createRevocationList } from './revocations.ts'

it('every listener learns of ended sessions and forgets them when their tokens are dead', () => {
  const [broker, clock] = [createMemoryBroker(), createTestClock()]
  const frames: unknown[] = []
  broker.subscribe('sessions', (frame) => frames.push(JSON.parse(frame)))
  const list = createRevocationList(broker, clock)
  createBrokerRevocations(broker).announce([{ session_id: 's1', user_id: 7 }])
  assert.deepEqual(frames, [{ type: 'session_revoked', session_id: 's1', user_id: 7 }])
  broker.publish('sessions', JSON.stringify({ type: 'something_new', session_id: 's2' }))
  clock.advance(15 * 60_000)
  assert.deepEqual([list.isRevoked('s1'), list.isRevoked('s2')], [true, false])
  clock.advance(6 * 60_000)
  assert.equal(list.isRevoked('s1'), false)
  list.close()
  createBrokerRevocations(broker).announce([{ session_id: 's3', user_id: 7 }])
  assert.equal(list.isRevoked('s3'), false)
})
