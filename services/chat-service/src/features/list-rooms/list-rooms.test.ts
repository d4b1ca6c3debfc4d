import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService, type List } from '../../chat-service.fixture.ts'
import type { RoomView } from '../../contract/schemas.ts'

describe('GET /chat-rooms', () => {
  it('newest activity first, page by page, each room as its viewer sees it', async (t) => {
    const service = await startService(t)
    const first = await service.direct(MINSU, JIWOO)
    service.clock.advance(1_000)
    const second = await service.group(MINSU, JIWOO, EMMA)
    service.clock.advance(1_000)
    await service.say(JIWOO, first.id, '나야')
    const list = async (query = '') => (await service.call<List<RoomView>>(MINSU, 'GET', `/chat-rooms${query}`)).body
    const { items, next_cursor } = await list('?limit=1')
    assert.deepEqual([items[0]!.id, items[0]!.name, items[0]!.unread_count], [first.id, '지우', 1])
    assert.deepEqual(
      (await list(`?limit=1&cursor=${next_cursor}`)).items.map(({ id }) => id),
      [second.id],
    )
    const theirs = (await service.call<List<RoomView>>(JIWOO, 'GET', '/chat-rooms')).body.items
    assert.equal(theirs.find(({ id }) => id === first.id)!.name, '민수')
    assert.deepEqual((await service.call<List<RoomView>>(EMMA, 'GET', '/chat-rooms')).body.items.length, 1)
  })
})
