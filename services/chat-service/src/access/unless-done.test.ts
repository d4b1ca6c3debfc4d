import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { asAttempt } from '@bigtech/kernel'
import { openProcesses } from '../adapters/partition/store.fixture.ts'
import { EMMA, HARIN, JIWOO, MINSU, startService } from '../chat-service.fixture.ts'
import type { MessageView } from '../contract/schemas.ts'

type Call = [by: number, method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object]

/** On a store of many processes, where the answer to a request may be lost. */
async function start(t: TestContext) {
  const store = await openProcesses(t, ['a#1', 'b#1'])
  const none = async () => undefined
  const service = await startService(t, { ...store, prune: none, check: none })
  const { id } = await service.group(MINSU, JIWOO, EMMA, HARIN)
  let attempts = 0
  const twice = async (...call: Call) => {
    const attempt = `attempt ${attempts++}`
    const ask = () => asAttempt(attempt, () => service.call<Record<string, unknown>>(...call))
    return [await ask(), await ask()] as const
  }
  return { service, id, twice }
}

test('a change that made itself impossible is not refused when the same request comes again', async (t) => {
  const { service, id, twice } = await start(t)
  const members = `/chat-rooms/${id}/members`
  const calls: Call[] = [
    [MINSU, 'DELETE', `${members}/${HARIN}`],
    [EMMA, 'DELETE', `${members}/me`],
    [MINSU, 'PUT', `${members}/${JIWOO}/role`, { role: 'owner' }],
  ]
  for (const call of calls) {
    const [first, again] = await twice(...call)
    assert.ok(first.status < 300, JSON.stringify(first.body))
    assert.deepEqual([again.status, again.body], [first.status, first.body])
  }
  assert.equal((await service.room(JIWOO, id)).role, 'owner')
  // Another request is another matter.
  assert.equal((await service.call(MINSU, 'DELETE', `${members}/${HARIN}`)).body.code, 'USER_NOT_FOUND')
  assert.equal((await service.call(EMMA, 'DELETE', `${members}/me`)).body.code, 'NOT_A_MEMBER')
  const [refused, refusedAgain] = await twice(EMMA, 'DELETE', `${members}/me`)
  assert.deepEqual([refused.status, refusedAgain.status], [403, 403])
})

test('a link that is asked for again by the same request is the one that works', async (t) => {
  const { service, id, twice } = await start(t)
  const [first, again] = await twice(MINSU, 'POST', `/chat-rooms/${id}/invite`, {})
  assert.deepEqual(again, first)
  const link = await service.call<{ code: string }>(MINSU, 'GET', `/chat-rooms/${id}/invite`)
  assert.equal(link.body.code, first.body['code'])
})

test('who sends again what was stored, and may no longer send, is given what was stored', async (t) => {
  const { service, id } = await start(t)
  const body = { content: '잘 있어요', client_message_id: 'one' }
  const first = await service.call<MessageView>(EMMA, 'POST', `/messages/${id}`, body)
  await service.call(MINSU, 'DELETE', `/chat-rooms/${id}/members/${EMMA}`)
  const again = await service.call<MessageView>(EMMA, 'POST', `/messages/${id}`, body)
  assert.deepEqual([again.status, again.body.id], [201, first.body.id])
  for (const other of [
    { ...body, content: '다른 말' },
    { ...body, client_message_id: 'two' },
    { content: '잘 있어요' },
  ])
    assert.equal((await service.call(EMMA, 'POST', `/messages/${id}`, other)).body.code, 'NOT_A_MEMBER')
})
