import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId } from '@bigtech/kernel'
import type { EventRecord } from '@bigtech/messaging'
import { behind, toldAgain } from '@bigtech/messaging/testing'
import { eventually } from '@bigtech/testkit'
import { startService } from '../../user-service.fixture.ts'

/** An event of friend-service, as it will write it. */
function friendEvent(event_type: string, fields: Record<string, unknown>, event_id = newId()): EventRecord {
  const timestamp = new Date().toISOString()
  return { topic: 'friend.events', key: '1:2', value: { ...fields, event_id, event_type, timestamp }, headers: {} }
}

describe('the read model of relations', () => {
  it('follows friend.events, unknown ones and unknown fields included', async (t) => {
    const { bus, db } = await startService(t)
    const friends = (id: number) => db.store.relations.friendsOf(id)
    await bus.publish([
      friendEvent('FriendRequestSent', { from_user_id: 1, to_user_id: 2 }),
      friendEvent('FriendRequestAccepted', { request_id: 5, from_user_id: 1, to_user_id: 2, surprise: true }),
    ])
    await eventually(async () => assert.deepEqual([await friends(1), await friends(2)], [[2], [1]]))
    await bus.publish([friendEvent('UserBlocked', { user_id: 2, blocked_user_id: 1 })])
    await eventually(async () => assert.deepEqual([await friends(1), await friends(2)], [[], []]))
    await bus.publish([friendEvent('UserUnblocked', { user_id: 2, blocked_user_id: 1 })])
    await eventually(async () => assert.deepEqual(await friends(1), [2]))
    await bus.publish([friendEvent('FriendRemoved', { user_id: 1, friend_user_id: 2 })])
    await eventually(async () => assert.deepEqual([await friends(1), await friends(2)], [[], []]))
  })

  it('an event that comes again changes nothing', async (t) => {
    const { bus, db } = await startService(t)
    const accepted = friendEvent('FriendRequestAccepted', { request_id: 5, from_user_id: 1, to_user_id: 2 })
    const marker = friendEvent('FriendRequestAccepted', { request_id: 6, from_user_id: 1, to_user_id: 9 })
    await bus.publish([accepted, friendEvent('FriendRemoved', { user_id: 1, friend_user_id: 2 }), accepted, marker])
    await eventually(async () => assert.deepEqual(await db.store.relations.friendsOf(1), [9]))
  })

  it('what was lost and is told again after what is newer does not stay: what is newer is told again after it', async (t) => {
    const { bus, db } = await startService(t)
    const lost = friendEvent('FriendRequestAccepted', { request_id: 5, from_user_id: 1, to_user_id: 2 })
    const newer = friendEvent('FriendRemoved', { user_id: 1, friend_user_id: 2 })
    await bus.publish([newer, toldAgain(lost), toldAgain(newer)])
    await eventually(async () => assert.deepEqual(await behind(bus), []))
    assert.deepEqual(await db.store.relations.friendsOf(1), [])
  })

  it('a broken event ends in the dead letter topic and holds nobody up', async (t) => {
    const { bus, db } = await startService(t)
    await bus.publish([
      friendEvent('FriendRequestAccepted', { from_user_id: 'one', to_user_id: 2 }),
      friendEvent('FriendRequestAccepted', { from_user_id: 1, to_user_id: 3 }),
    ])
    await eventually(async () => assert.deepEqual(await db.store.relations.friendsOf(1), [3]), { timeoutMs: 10_000 })
    const letters = await bus.admin.read({ topic: 'friend.events.dlq', partition: 0, offset: 0, limit: 10 })
    assert.equal(letters.length, 1)
  })
})
