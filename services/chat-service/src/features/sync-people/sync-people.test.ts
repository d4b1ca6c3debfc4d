import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserBlocked, UserUnblocked } from '@bigtech/friend-service/contract'
import { behind, toldAgain } from '@bigtech/messaging/testing'
import { eventually } from '@bigtech/testkit'
import { UserClosed, UserProfileUpdated } from '@bigtech/user-service/contract'
import { EMMA, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'

const profile = {
  username: 'jiwoo2',
  display_name: '이지우',
  profile_image_url: null,
  status_message: null,
  status: 'active',
} as const

describe('what other services tell', () => {
  it('a new name is shown, a block stops messages until it ends', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    await service.bus.publish([UserProfileUpdated.make({ user_id: JIWOO, ...profile })])
    await eventually(async () => assert.equal((await service.room(MINSU, id)).name, '이지우'))
    const send = async () => (await service.call(MINSU, 'POST', `/messages/${id}`, { content: '?' })).status
    const pair = { user_id: JIWOO, blocked_user_id: MINSU }
    await service.bus.publish([UserBlocked.make(pair)])
    await eventually(async () => assert.equal(await send(), 403))
    await service.bus.publish([UserUnblocked.make(pair)])
    await eventually(async () => assert.equal(await send(), 201))
  })

  it('a new name is told to the rooms of the person, once, and nothing that nobody sees', async (t) => {
    const service = await startService(t)
    const [{ id }, { id: other }] = [await service.direct(MINSU, JIWOO), await service.group(JIWOO, EMMA)]
    const { id: without } = await service.direct(MINSU, EMMA)
    const [here, there, elsewhere] = [id, other, without].map((room) => service.frames(room))
    const changed = UserProfileUpdated.make({ user_id: JIWOO, ...profile })
    await service.bus.publish([changed, toldAgain(changed)])
    await service.bus.publish([UserProfileUpdated.make({ user_id: JIWOO, ...profile, status_message: '휴가' })])
    await eventually(async () => assert.deepEqual(await behind(service.bus), []))
    const { username, display_name, profile_image_url } = profile
    const told = (room_id: number) => [
      {
        type: 'person',
        room_id,
        user_id: JIWOO,
        username,
        display_name,
        profile_image_url,
        previous_name: '지우',
      },
    ]
    assert.deepEqual([here, there, elsewhere], [told(id), told(other), []])
  })

  it('what was lost and is told again after what is newer does not stay: what is newer is told again after it', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const named = (user_id: number, display_name: string) =>
      UserProfileUpdated.make({ user_id, ...profile, display_name })
    const [lost, newer] = [named(JIWOO, '옛 이름'), named(JIWOO, '새 이름')]
    const pair = { user_id: JIWOO, blocked_user_id: MINSU }
    const [lostBlock, newerEnd] = [UserBlocked.make(pair), UserUnblocked.make(pair)]
    await service.bus.publish([newer, newerEnd])
    await service.bus.publish([lost, newer, lostBlock, newerEnd].map(toldAgain))
    await eventually(async () => assert.deepEqual(await behind(service.bus), []))
    assert.equal((await service.room(MINSU, id)).name, '새 이름')
    assert.equal((await service.call(MINSU, 'POST', `/messages/${id}`, { content: '?' })).status, 201)
  })

  it('a closed account leaves its groups; its name is gone, also from what was told of it', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    await service.bus.publish([UserClosed.make({ user_id: JIWOO, saga_id: 's1' })])
    await eventually(async () => assert.equal((await service.room(MINSU, id)).member_count, 1))
    const { body } = await service.call<object>(MINSU, 'GET', `/messages/${id}`)
    assert.doesNotMatch(JSON.stringify(body), /지우/)
  })
})
