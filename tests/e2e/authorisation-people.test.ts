import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { register, registerAdmin, type Answer, type Operation, type Page, type Person } from '../support/index.ts'
import { TABLE, type Actor, type Expected } from '../support/authorisation-table.ts'
import {
  ENDS_SESSION,
  system,
  SECRET,
  admin,
  family,
  owner,
  world,
  request,
  createWorld,
  walk,
  assertNothingLeaks,
  assertStatus,
  urls,
  victim,
  friend,
  member,
  roomAdmin,
  blocked,
  sessions,
  closed,
} from '../support/authorisation-world.ts'

describe('signed in', () => {
  const outsiders: [Actor, (operation: Operation) => Promise<Person>][] = [
    ['stranger', () => register(urls, '남')],
    ['blocked', async () => blocked],
    ['admin', async ({ id }) => (ENDS_SESSION.has(id) || CHANGES_RELATION.has(id) ? registerAdmin(system) : admin)],
  ]
  for (const [actor, personFor] of outsiders)
    it(`${actor}: gets what is their own, and nothing of the owner’s`, async () => {
      for (const operation of closed) {
        if (actor === 'blocked' && (ENDS_SESSION.has(operation.id) || CHANGES_RELATION.has(operation.id))) continue
        const person = await personFor(operation)
        const answer = await walk(operation, world, person.token)
        assertStatus(answer, (TABLE[operation.id] as Expected)[actor], `${operation.id} as ${actor}`)
        if (actor !== 'admin') assertNothingLeaks(answer, actor)
        else if (!OPERATOR_SEES.has(operation.id)) assertNoContent(answer)
      }
      await assertUntouched()
    })

  for (const [actor, person] of [
    ['member', member],
    ['roomAdmin', roomAdmin],
  ] as const)
    it(`${actor}: what the role allows in the room, and nothing personal of the owner’s`, async () => {
      for (const operation of closed) {
        const { id, path } = operation
        if (ENDS_SESSION.has(id) || CHANGES_RELATION.has(id)) continue
        const mine = path.includes('{room_id}') || path.includes('/files/') ? await createWorld() : world
        const answer = await walk(operation, mine, person.token)
        assertStatus(answer, (TABLE[id] as Expected)[actor], `${id} as ${actor}`)
        assertNothingLeaks(answer, actor, 'room')
      }
    })

  /** Blocks and requests by those whose relation to the owner is what is tested. */
  const CHANGES_RELATION = new Set(['blockUser', 'unblockUser', 'requestFriend', 'removeFriend'])
  /** Where an operator sees accounts or events: it is the purpose. */
  const OPERATOR_SEES = new Set(['browseTopic', 'listUsers', 'getUserHistory', 'setUserStatus', 'setUserRole'])

  function assertNoContent(answer: Answer): void {
    for (const secret of [SECRET.message, SECRET.room, SECRET.file, SECRET.device, SECRET.care, world.code])
      assert.ok(!answer.text.includes(secret), answer.text.slice(0, 300))
  }

  async function assertUntouched(): Promise<void> {
    const room = await owner.room(world.room.id)
    const people = [owner, member, roomAdmin, victim].map(({ id }) => id).sort((a, b) => a - b)
    assert.deepEqual(
      room.members.map(({ user_id }) => user_id).sort((a, b) => a - b),
      people,
    )
    assert.equal(room.name, SECRET.room)
    assert.equal((await owner.get<{ text: string }>(`/care/entries/${family.entry.id}`)).text, SECRET.care)
    const { items } = await owner.history(world.room.id)
    assert.deepEqual(
      items
        .filter(({ message_type }) => message_type !== 'system')
        .map(({ content, is_deleted }) => [content, is_deleted]),
      [
        [SECRET.message, false],
        ['', false],
      ],
    )
    assert.deepEqual(items.find(({ id }) => id === world.message.id)!.reactions, [])
    assert.equal((await owner.call('GET', `/files/${world.file.id}`)).status, 200)
    assert.equal((await owner.get<{ code: string }>(`/chat-rooms/${world.room.id}/invite`)).code, world.code)
    const open = await friend.get<Page<{ id: number }>>('/friends/requests')
    assert.deepEqual(
      open.items.map(({ id }) => id),
      [request.id],
    )
    const left = await owner.get<Page<{ id: string }>>('/auth/sessions')
    for (const { id } of sessions) assert.ok(left.items.some((session) => session.id === id))
  }

  it('people by id: public profiles only, and their presence only to friends', async () => {
    const stranger = await register(urls, '남')
    await owner.post('/presence/heartbeat')
    for (const path of [`/users?user_ids=${owner.id}`, `/users/${owner.id}`, `/presence?user_ids=${owner.id}`]) {
      const answer = await stranger.call('GET', path)
      assertStatus(answer, 200, path)
      assertNothingLeaks(answer, 'stranger')
      assert.ok(!answer.text.includes('"online":true'), answer.text)
    }
    const lists = ['/users?status=active', '/users?cursor=WzFd', '/users?limit=100']
    for (const path of lists) assertStatus(await stranger.call('GET', path), 403, path)
  })

  it('over WebSocket the doors are the same', async (t) => {
    const stranger = await register(urls, '남')
    const { room, message } = world
    const on = { room_id: room.id, message_id: message.id }
    for (const [person, codes] of [
      [stranger, ['NOT_A_MEMBER']],
      [blocked, ['NOT_A_MEMBER']],
      [admin, ['NOT_A_MEMBER']],
      [member, ['NOT_YOUR_MESSAGE']],
    ] as const) {
      const ws = await person.ws(t)
      const commands: object[] = [
        { type: 'edit', ...on, content: '바꿈' },
        { type: 'delete', ...on },
      ]
      if (person !== member)
        commands.push(
          { type: 'send', room_id: room.id, content: '끼어들기' },
          { type: 'react', ...on, emoji: '👍' },
          { type: 'unreact', ...on, emoji: '👍' },
          { type: 'pin', ...on },
          { type: 'unpin', ...on },
          { type: 'read', room_id: room.id, seq: 1 },
          { type: 'typing', room_id: room.id },
          { type: 'changes', room_id: room.id, since_rev: 0 },
        )
      for (const command of commands) {
        const error = await ws.command(command)
        assert.deepEqual([error.type, error.status], ['error', 403], JSON.stringify(error))
        assert.ok((codes as readonly unknown[]).includes(error.code), JSON.stringify(error))
      }
      assert.ok(!JSON.stringify(ws.frames).includes(SECRET.message) || person === member)
    }
    await assertUntouched()
  })

  it('a stream brings nothing of rooms one is not in, or is in no longer', async (t) => {
    const stranger = await register(urls, '남')
    const { room } = await createWorld()
    const [far, former, present] = [await stranger.sse(t), await victim.ws(t), await member.sse(t)]
    await owner.del(`/chat-rooms/${room.id}/members/${victim.id}`)
    await former.seen((frame) => frame.type === 'room_left' && frame.room_id === room.id)
    await owner.say(room.id, 'ZXLATER')
    await owner.post(`/chat-rooms/${room.id}/typing`, { typing: true })
    await present.seen((frame) => frame.type === 'typing' && frame.room_id === room.id)
    const resumed = await victim.sse(t, former.frames[0]!.token)
    await resumed.seen('replayed')
    for (const stream of [far, former, resumed]) assert.ok(!JSON.stringify(stream.frames).includes('ZXLATER'))
    assert.ok(!far.frames.some(({ room_id }) => room_id === room.id))
    const body = { content: '아직 여기?' }
    assertStatus(await victim.call('POST', `/messages/${room.id}`, { body }), 403, 'send after removal')
    assertStatus(await victim.call('GET', `/files/${world.file.id}`), 200, 'still a member of the first room')
  })
})
