import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  EMMA,
  HARIN,
  JIWOO,
  MINSU,
  startService,
  type List,
  type Person,
  type Request,
} from '../../friend-service.fixture.ts'

describe('GET /friends/requests', () => {
  it('lists what is open, newest first, with the other person, page by page', async (t) => {
    const service = await startService(t)
    for (const from of [JIWOO, EMMA, HARIN])
      await service.call(from, 'POST', '/friends/request', { target_user_id: MINSU })
    type Listed = Request & { user: Person }
    const first = (await service.call<List<Listed>>(MINSU, 'GET', '/friends/requests?limit=2')).body
    assert.deepEqual(
      first.items.map(({ user }) => user.display_name),
      ['하린', 'Emma'],
    )
    const next = `/friends/requests?limit=2&cursor=${first.next_cursor}`
    const second = (await service.call<List<Listed>>(MINSU, 'GET', next)).body
    assert.deepEqual([second.items.map(({ user }) => user.user_id), second.next_cursor], [[JIWOO], null])
    const sent = (await service.call<List<Listed>>(EMMA, 'GET', '/friends/requests?direction=sent')).body
    assert.deepEqual(
      sent.items.map(({ user }) => user.user_id),
      [MINSU],
    )
    await service.call(MINSU, 'POST', `/friends/requests/${second.items[0]!.id}/reject`)
    assert.equal((await service.call<List<Listed>>(MINSU, 'GET', '/friends/requests')).body.items.length, 2)
  })

  it('refuses a cursor that is none', async (t) => {
    const service = await startService(t)
    const { status, body } = await service.call<{ code: string }>(MINSU, 'GET', '/friends/requests?cursor=x')
    assert.deepEqual([status, body.code], [400, 'BAD_CURSOR'])
  })
})
