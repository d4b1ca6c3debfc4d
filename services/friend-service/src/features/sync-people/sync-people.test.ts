import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { behind, toldAgain } from '@bigtech/messaging/testing'
import { eventually } from '@bigtech/testkit'
import {
  UserClosed,
  UserClosureCancelled,
  UserClosureRequested,
  UserProfileUpdated,
  UserRegistered,
} from '@bigtech/user-service/contract'
import { JIWOO, MINSU, startService, type List, type Person } from '../../friend-service.fixture.ts'

const profile = {
  username: 'sora',
  display_name: '소라',
  profile_image_url: null,
  status_message: null,
  status: 'active',
} as const

describe('what user-service tells', () => {
  it('a new account can be asked at once, and is known by its name', async (t) => {
    const service = await startService(t)
    await service.bus.publish([UserRegistered.make({ user_id: 7, email: 'sora@example.com', ...profile })])
    await eventually(async () => {
      const { status } = await service.call(MINSU, 'POST', '/friends/request', { target_user_id: 7 })
      assert.equal(status, 201)
    })
    const { items } = (await service.call<List<{ user: Person }>>(MINSU, 'GET', '/friends/requests?direction=sent'))
      .body
    assert.equal(items[0]!.user.display_name, '소라')
  })

  it('a new name, or word of the moment, is told to friends and to oneself, once', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    service.frames.length = 0
    const { status: _status, ...shown } = profile
    const told = []
    for (const status_message of [null, '휴가', '휴가']) {
      const news = UserProfileUpdated.make({ user_id: JIWOO, ...profile, status_message })
      await service.bus.publish([news, toldAgain(news)])
      told.push({ type: 'person', user_id: JIWOO, ...shown, status_message })
    }
    await eventually(async () => assert.deepEqual(await behind(service.bus), []))
    const of = (user: number) => service.frames.filter(([to]) => to === user).map(([, frame]) => frame)
    assert.deepEqual([of(MINSU), of(JIWOO)], [told.slice(0, 2), told.slice(0, 2)])
    assert.equal(service.frames.length, 4)
  })

  it('what was lost and is told again after what is newer does not stay: what is newer is told again after it', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    const named = (display_name: string) => UserProfileUpdated.make({ user_id: JIWOO, ...profile, display_name })
    const [lost, newer] = [named('옛 이름'), named('새 이름')]
    await service.bus.publish([newer, toldAgain(lost), toldAgain(newer)])
    await eventually(async () => assert.deepEqual(await behind(service.bus), []))
    const { items } = (await service.call<List<Person>>(MINSU, 'GET', '/friends')).body
    assert.equal(items[0]?.display_name, '새 이름')
  })

  it('a closure is agreed to, can be taken back, and in the end forgets the person', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    const saga = { user_id: JIWOO, saga_id: 's1' }
    await service.bus.publish([UserClosureRequested.make({ ...saga, email: 'jiwoo@example.com' })])
    await eventually(async () => {
      const prepared = (await service.published()).find((event) => event.event_type === 'UserClosurePrepared')
      assert.equal(prepared?.['saga_id'], 's1')
    })
    await service.bus.publish([UserClosureCancelled.make({ ...saga, reason: 'changed my mind' })])
    await eventually(async () => {
      const { items } = (await service.call<List<Person>>(MINSU, 'GET', '/friends')).body
      assert.equal(items[0]?.display_name, '지우')
    })
    await service.bus.publish([UserClosed.make(saga)])
    await eventually(async () => {
      assert.deepEqual((await service.call<List<Person>>(MINSU, 'GET', '/friends')).body.items, [])
    })
    const last = (await service.published()).at(-1)!
    assert.deepEqual([last.event_type, last['friend_user_id']], ['FriendRemoved', MINSU])
  })
})
