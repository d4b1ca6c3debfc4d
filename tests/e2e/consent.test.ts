import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { assertProblem, openGroup, register, registerAll, type Person, type Room } from '../support/index.ts'
import { roomIds, urls } from '../support/main-job-world.ts'

type Invitations = { items: { room_id: number; name: string; member_count: number; invited_by: { user_id: number } }[] }

const invitations = async (person: Person) => (await person.get<Invitations>('/chat-rooms/invitations')).items
const add = (by: Person, room: Room, who: Person) =>
  by.post<Room & { invited: number[] }>(`/chat-rooms/${room.id}/members`, { user_ids: [who.id] })
/** Their names have come to chat-service. */
const introduced = (by: Person, room: Room) =>
  eventually(async () => {
    const { items } = await by.get<{ items: { username: string }[] }>(`/chat-rooms/${room.id}/members`)
    assert.ok(items.every(({ username }) => username !== ''))
  })
const answer = (who: Person, room: Room, what: 'accept' | 'decline') =>
  who.call('POST', `/chat-rooms/invitations/${room.id}/${what}`)

describe('consent', () => {
  it('who left a group comes back by their own yes, and sees the invitation at once', async (t) => {
    const [owner, member] = await registerAll(urls, '주인', '회원')
    const room = await openGroup(owner, '산악회', member)
    await member.post(`/chat-rooms/${room.id}/leave`)
    const sse = await member.sse(t)
    assert.deepEqual((await add(owner, room, member)).invited, [member.id])
    await sse.seen((frame) => frame.type === 'invitation' && frame.room_id === room.id)
    assert.deepEqual(await roomIds(member), [])
    const [invitation] = await invitations(member)
    assert.deepEqual(
      [invitation!.name, invitation!.member_count, invitation!.invited_by.user_id],
      ['산악회', 1, owner.id],
    )
    assertProblem(await member.call('GET', `/messages/${room.id}`), 403, 'NOT_A_MEMBER')
    assert.equal((await answer(member, room, 'accept')).status, 200)
    assert.deepEqual(await roomIds(member), [room.id])
    assert.deepEqual(await invitations(member), [])
    assert.equal((await answer(member, room, 'accept')).status, 200, 'repeating changes nothing')
  })

  it('who declined is not asked again, and who was never asked accepts nothing', async () => {
    const [owner, member, stranger] = await registerAll(urls, '주인', '회원', '남')
    const room = await openGroup(owner, '산악회', member)
    await member.post(`/chat-rooms/${room.id}/leave`)
    await add(owner, room, member)
    assert.equal((await answer(member, room, 'decline')).status, 204)
    assertProblem(await answer(member, room, 'decline'), 404, 'INVITATION_NOT_FOUND')
    assertProblem(await answer(member, room, 'accept'), 404, 'INVITATION_NOT_FOUND')
    assert.deepEqual((await add(owner, room, member)).invited, [])
    assert.deepEqual(await invitations(member), [])
    assertProblem(await answer(stranger, room, 'accept'), 404, 'INVITATION_NOT_FOUND')
    assertProblem(await answer(stranger, { ...room, id: 999_999_999 }, 'accept'), 404, 'INVITATION_NOT_FOUND')
  })

  it('who was removed comes back by no link and by no plain member', async () => {
    const [owner, member, removed] = await registerAll(urls, '주인', '회원', '문제')
    const room = await openGroup(owner, '산악회', member, removed)
    const { path } = await owner.post<{ path: string }>(`/chat-rooms/${room.id}/invite`, {})
    await owner.del(`/chat-rooms/${room.id}/members/${removed.id}`)
    assertProblem(await removed.call('POST', path), 403, 'REMOVED_FROM_ROOM')
    const { path: another } = await owner.post<{ path: string }>(`/chat-rooms/${room.id}/invite`, {})
    assertProblem(await removed.call('POST', another), 403, 'REMOVED_FROM_ROOM')
    const body = { user_ids: [removed.id] }
    assertProblem(await member.call('POST', `/chat-rooms/${room.id}/members`, { body }), 403, 'REMOVED_BY_ADMIN')
    await add(owner, room, removed)
    assert.equal((await answer(removed, room, 'accept')).status, 200)
    assert.ok((await roomIds(removed)).includes(room.id))
  })

  it('an invite link says what it leads to before one joins, and no more', async () => {
    const [owner, guest] = await registerAll(urls, '비밀주인', '손님')
    const named = await openGroup(owner, '산악회')
    const unnamed = await owner.post<Room>('/chat-rooms', { type: 'group', member_ids: [] })
    const linkOf = async (room: Room) => (await owner.post<{ path: string }>(`/chat-rooms/${room.id}/invite`, {})).path
    const path = await linkOf(named)
    assert.deepEqual(await guest.get(path), { room_id: named.id, name: '산악회', member_count: 1, is_member: false })
    assert.deepEqual(await roomIds(guest), [])
    const other = await guest.call('GET', await linkOf(unnamed))
    assert.equal((other.json() as { name: unknown }).name, null)
    assert.doesNotMatch(other.text, /비밀주인/)
    assert.equal((await owner.get<{ is_member: boolean }>(path)).is_member, true)
    await owner.del(`/chat-rooms/${named.id}/invite`)
    assertProblem(await guest.call('GET', path), 404, 'INVITE_NOT_FOUND')
  })
})

describe('a group without a name', () => {
  it('is named for each viewer after the others, as they are now', async () => {
    // One after the other: names stand in the order of ids.
    const one = await register(urls, '하나')
    const two = await register(urls, '둘째')
    const three = await register(urls, '셋째')
    const room = await one.post<Room>('/chat-rooms', { type: 'group', member_ids: [two.id] })
    const seenBy = async (person: Person) => {
      const { name, named } = await person.room(room.id)
      const { items } = await person.get<{ items: Room[] }>('/chat-rooms')
      assert.equal(items.find(({ id }) => id === room.id)!.name, name, 'the list says the same')
      return [name, named]
    }
    await introduced(one, room)
    assert.deepEqual(
      [await seenBy(one), await seenBy(two)],
      [
        ['둘째', false],
        ['하나', false],
      ],
    )
    await add(one, room, three)
    await introduced(one, room)
    assert.deepEqual(
      [await seenBy(one), await seenBy(three)],
      [
        ['둘째, 셋째', false],
        ['하나, 둘째', false],
      ],
    )
    await one.patch(`/chat-rooms/${room.id}`, { name: '셋이서' })
    assert.deepEqual(await seenBy(two), ['셋이서', true])
    await one.patch(`/chat-rooms/${room.id}`, { name: ' ' })
    assert.deepEqual(await seenBy(two), ['하나, 셋째', false])
  })
})

describe('leaving as owner', () => {
  it('tells beforehand who follows, and the others afterwards', async () => {
    const [owner, member, admin] = await registerAll(urls, '주인', '회원', '관리')
    const room = await openGroup(owner, '산악회', member, admin)
    await owner.put(`/chat-rooms/${room.id}/members/${admin.id}/role`, { role: 'admin' })
    await introduced(owner, room)
    const heir = async (person: Person) =>
      (
        await person.get<{ new_owner: { user_id: number; display_name: string } | null }>(
          `/chat-rooms/${room.id}/leave`,
        )
      ).new_owner
    assert.deepEqual([(await heir(owner))!.display_name, await heir(member)], ['관리', null])
    await owner.post(`/chat-rooms/${room.id}/leave`)
    const last = (await admin.history(room.id)).items.at(-1)!
    assert.equal(last.content, '주인님이 나갔습니다. 이제 관리님이 방장입니다')
    assert.equal((await admin.room(room.id)).role, 'owner')
  })
})
