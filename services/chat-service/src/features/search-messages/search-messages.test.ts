import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { EMMA, JIWOO, MINSU, startService, type List, type TestService } from '../../chat-service.fixture.ts'
import type { MessageView } from '../../contract/schemas.ts'
import type { MessageRow } from '../../domain/message.ts'
import { searchMessages, type SearchPorts } from './search-messages.ts'

const find = async (service: TestService, who: number, q: string) =>
  (await service.call<List<MessageView>>(who, 'GET', `/messages/search?q=${encodeURIComponent(q)}`)).body.items.map(
    ({ content }) => content,
  )

describe('GET /messages/search', () => {
  it('finds syllables, symbols and letters with or without accents, in rooms of one’s own', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const texts = ['점심 먹자', 'C++ 공부', 'café에서', '🎉 축하']
    for (const text of texts) await service.say(MINSU, id, text)
    await eventually(async () => assert.deepEqual(await find(service, JIWOO, '축하'), ['🎉 축하']))
    for (const [q, found] of [
      ['점', texts[0]],
      ['c++', texts[1]],
      ['cafe', texts[2]],
      ['🎉', texts[3]],
    ] as const)
      assert.deepEqual(await find(service, JIWOO, q), [found], q)
    assert.deepEqual(await find(service, EMMA, '점심'), [], 'not hers')
    for (const nothing of [' ', '\u200b', '%'])
      assert.deepEqual(await find(service, JIWOO, nothing), [], JSON.stringify(nothing))
  })
})

test('who leaves while it is searched sees nothing of what may have changed since', async () => {
  const row = {
    room_id: 5,
    seq: 3,
    user_id: 2,
    content: '비밀',
    created_at: 0,
    edited_at: null,
    deleted_at: null,
    pinned_at: null,
    reactions: {},
    mentions: [] as MessageRow['mentions'],
    file: null,
    system: null,
  } as MessageRow
  const found = async (me: { join_seq: number } | null) => {
    const ports = {
      messages: { search: async () => [{ row, cursor: '1' }] },
      rooms: { readSeqs: async () => [], find: async () => ({ room: { id: 5 }, me }) },
      people: { profiles: async () => new Map() },
    } as unknown as SearchPorts
    return (await searchMessages(ports, { user_id: 1, q: '비밀', limit: 10 }))!.items.length
  }
  assert.equal(await found({ join_seq: 0 }), 1)
  assert.equal(await found(null), 0)
  assert.equal(await found({ join_seq: 3 }), 0, 'who came back sees what came since')
})
