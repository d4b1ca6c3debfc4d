import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'
import type { MessageView } from '../../contract/schemas.ts'

type Page = { items: MessageView[]; has_before: boolean; has_after: boolean }
type Changes = { to_rev: number; has_more: boolean; messages: MessageView[] }

describe('GET /messages/{room_id}', () => {
  it('pages backwards, forwards and around, ascending, and says what is beyond', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    for (let n = 1; n <= 7; n++) await service.say(MINSU, id, `${n}`)
    const page = async (query: string) => {
      const { items, has_before, has_after } = (await service.call<Page>(JIWOO, 'GET', `/messages/${id}?${query}`)).body
      return [items.map(({ content }) => content).join(''), has_before, has_after]
    }
    assert.deepEqual(await page('limit=3'), ['567', true, false])
    assert.deepEqual(await page('limit=3&before_seq=5'), ['234', true, true])
    assert.deepEqual(await page('limit=3&after_seq=0'), ['123', false, true])
    assert.deepEqual(await page('limit=3&around_seq=4'), ['345', true, true])
  })

  it('gives what changed since a revision, each message once, and nothing from before one came', async (t) => {
    const service = await startService(t)
    const { id } = await service.group(MINSU, JIWOO)
    const early = await service.say(MINSU, id, '이전')
    await service.call(MINSU, 'POST', `/chat-rooms/${id}/members`, { user_ids: [EMMA] })
    const late = await service.say(MINSU, id, '이후')
    for (const one of [early, late])
      await service.call(MINSU, 'PATCH', `/messages/${id}/${one.id}`, { content: `${one.content}!` })
    const changes = async (who: number) =>
      (await service.call<Changes>(who, 'GET', `/messages/${id}/changes?since_rev=${late.rev}`)).body
    assert.deepEqual(
      (await changes(JIWOO)).messages.map(({ content }) => content),
      ['이전!', '이후!'],
    )
    const newcomer = await changes(EMMA)
    assert.deepEqual(
      newcomer.messages.map(({ content }) => content),
      ['이후!'],
    )
    assert.equal(newcomer.to_rev, (await changes(JIWOO)).to_rev)
    assert.equal(
      (await service.call(EMMA, 'GET', `/messages/${id}/${early.id}/readers`)).body.code,
      'MESSAGE_NOT_FOUND',
    )
  })
})
