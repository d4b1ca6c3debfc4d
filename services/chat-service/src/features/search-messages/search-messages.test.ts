import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, JIWOO, MINSU, startService, type List, type TestService } from '../../chat-service.fixture.ts'
import type { MessageView } from '../../contract/schemas.ts'

import { eventually } from '@bigtech/testkit'

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
