import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { assertProblem, openGroup, registerAll } from '../support/index.ts'
import { urls } from '../support/main-job-world.ts'

const INVISIBLE = ['\u3164', '\u200b\u2060', ' \u00a0\n', '\u2800', '\u202e', '\u{e0041}', '\ufe0f']

describe('what nobody sees', () => {
  it('is no message: not sent, not edited to, by no door', async (t) => {
    const [one] = await registerAll(urls, '하나')
    const room = await openGroup(one, '혼자')
    const message = await one.say(room.id, '보이는 말')
    const ws = await one.ws(t)
    for (const content of INVISIBLE) {
      assertProblem(await one.call('POST', `/messages/${room.id}`, { body: { content } }), 400, 'CONTENT_REQUIRED')
      const edit = await one.call('PATCH', `/messages/${room.id}/${message.id}`, { body: { content } })
      assertProblem(edit, 400, 'CONTENT_REQUIRED')
      const answer = await ws.command({ type: 'send', room_id: room.id, content })
      assert.deepEqual([answer.type, answer['code']], ['error', 'CONTENT_REQUIRED'])
    }
    for (const content of ['.', '❤️', '\u200bㅋ']) await one.say(room.id, content)
    assert.equal((await one.room(room.id)).last_seq, 5)
  })

  it('is no name of a group; what hides something is refused', async () => {
    const [one] = await registerAll(urls, '하나')
    const room = await openGroup(one, '모임')
    const rename = (name: string) => one.call('PATCH', `/chat-rooms/${room.id}`, { body: { name } })
    for (const name of ['a\u202eb', '모임\u200b', 'z\u0301\u0302\u0303\u0304\u0305'])
      assert.equal(assertProblem(await rename(name), 422, 'NAME_NOT_PLAIN').errors?.[0]?.field, 'name')
    const create = { type: 'group', name: 'gpj.\u202eexe', member_ids: [] }
    assertProblem(await one.call('POST', '/chat-rooms', { body: create }), 422, 'NAME_NOT_PLAIN')
    assert.equal((await rename('\u3164')).status, 200)
    assert.equal((await one.room(room.id)).named, false)
    assert.equal((await rename('우리 모임 🏴󠁧󠁢󠁥󠁮󠁧󠁿')).status, 200)
  })

  it('finds nothing', async () => {
    const [one] = await registerAll(urls, '하나')
    const room = await openGroup(one, '혼자')
    await one.say(room.id, '보이는 말')
    for (const q of ['\0', ' ', ...INVISIBLE]) {
      const people = await one.get<{ items: unknown[] }>(`/users/search?q=${encodeURIComponent(q)}`)
      assert.deepEqual(people.items, [])
      const messages = await one.call('GET', `/messages/search?q=${encodeURIComponent(q)}`)
      const found = messages.status === 200 ? (messages.json() as { items: unknown[] }).items : []
      assert.deepEqual(found, [], JSON.stringify(q))
    }
  })
})

describe('a reaction', () => {
  it('is exactly one emoji, by every door', async (t) => {
    const [one] = await registerAll(urls, '하나')
    const room = await openGroup(one, '혼자')
    const { id } = await one.say(room.id, '안녕')
    const ws = await one.ws(t)
    const react = (emoji: string) =>
      one.call('PUT', `/messages/${room.id}/${id}/reactions/${encodeURIComponent(emoji)}`)
    for (const emoji of ['굿', 'a', '1', '👍👍', '👍a', '❤', '\u200b', '<b>']) {
      assert.equal((await react(emoji)).status, 422, emoji)
      const answer = await ws.command({ type: 'react', room_id: room.id, message_id: id, emoji })
      assert.equal(answer.type, 'error', emoji)
    }
    for (const emoji of ['👍', '❤️', '👍🏽', '👨‍👩‍👧', '🇰🇷', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'])
      assert.equal((await react(emoji)).status, 200, emoji)
    const [message] = (await one.history(room.id)).items.slice(-1)
    assert.equal(message!.reactions.length, 7)
  })
})
