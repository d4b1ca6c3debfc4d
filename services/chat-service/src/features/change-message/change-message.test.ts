import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { JIWOO, MINSU, startService } from '../../chat-service.fixture.ts'
import type { MessageView } from '../../contract/schemas.ts'

describe('changing a message', () => {
  it('edits, reacts, pins and deletes, each with the next revision; a deleted one changes no more', async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const { id: messageId, rev } = await service.say(MINSU, id, '처음')
    const at = `/messages/${id}/${messageId}`
    const edited = await service.call<MessageView>(MINSU, 'PATCH', at, { content: '고침' })
    assert.deepEqual([edited.body.content, edited.body.rev, edited.body.edited_at !== null], ['고침', rev + 1, true])
    const reacted = await service.call<MessageView>(JIWOO, 'PUT', `${at}/reactions/${encodeURIComponent('👍')}`)
    assert.deepEqual(reacted.body.reactions, [{ emoji: '👍', count: 1, user_ids: [JIWOO] }])
    const again = await service.call<MessageView>(JIWOO, 'PUT', `${at}/reactions/${encodeURIComponent('👍')}`)
    assert.equal(again.body.rev, reacted.body.rev, 'nothing changed')
    const deleted = await service.call<MessageView>(MINSU, 'DELETE', at)
    assert.equal(deleted.status < 300, true)
    const late = await service.call(MINSU, 'PATCH', at, { content: '다시' })
    assert.equal(late.body.code, 'MESSAGE_DELETED')
  })

  it("another's message is neither edited nor deleted in a direct room; a word is no reaction", async (t) => {
    const service = await startService(t)
    const { id } = await service.direct(MINSU, JIWOO)
    const at = `/messages/${id}/${(await service.say(MINSU, id, '내 말')).id}`
    assert.equal((await service.call(JIWOO, 'PATCH', at, { content: '네 말' })).body.code, 'NOT_YOUR_MESSAGE')
    assert.equal((await service.call(JIWOO, 'DELETE', at)).body.code, 'NOT_YOUR_MESSAGE')
    assert.ok((await service.call(JIWOO, 'PUT', `${at}/reactions/hello`)).status >= 400)
    const { items } = (await service.call<{ items: MessageView[] }>(MINSU, 'GET', `/messages/${id}`)).body
    assert.deepEqual([items[0]!.content, items[0]!.reactions], ['내 말', []])
  })
})
