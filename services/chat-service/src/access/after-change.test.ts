import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { storageErrors } from '@bigtech/sql'
import { tempDir } from '@bigtech/testkit'
import { createSqliteChatStore } from '../adapters/sqlite/store.ts'
import { EMMA, HARIN, JIWOO, MINSU, startService } from '../chat-service.fixture.ts'
import type { RoomStore } from '../ports.ts'

const CHANGES = ['createGroup', 'openDirect', 'addMembers', 'rename', 'setMuted', 'markRead']

/** A store that stores one change and is away from then on. */
async function openFailing(t: TestContext) {
  const store = await createSqliteChatStore(join(tempDir(t), 'chat.db'))
  t.after(() => store.close())
  let isArmed = false
  let isAway = false
  const rooms = new Proxy(store.rooms, {
    get(target, name: string) {
      const method = target[name as keyof RoomStore] as (...asks: unknown[]) => Promise<unknown>
      return async (...asks: unknown[]) => {
        if (isAway) throw storageErrors.STORAGE_UNAVAILABLE({ retryAfterS: 5 })
        const answer = await method.apply(target, asks)
        isAway ||= isArmed && CHANGES.includes(name)
        return answer
      }
    },
  })
  const set = (armed: boolean) => {
    isArmed = armed
    isAway = false
  }
  return { store: { ...store, rooms }, set }
}

test('a change that was made is not said to be refused when the answer to it cannot be read', async (t) => {
  const { store, set } = await openFailing(t)
  const service = await startService(t, store)
  const { id } = await service.group(MINSU, JIWOO)
  const { body: link } = await service.call<{ code: string }>(MINSU, 'POST', `/chat-rooms/${id}/invite`, {})
  const calls: [by: number, method: 'POST' | 'PATCH', path: string, body: object][] = [
    [MINSU, 'PATCH', `/chat-rooms/${id}`, { name: '새 이름' }],
    [MINSU, 'PATCH', `/chat-rooms/${id}`, { muted: true }],
    [MINSU, 'POST', `/chat-rooms/${id}/read`, { seq: 1 }],
    [MINSU, 'POST', `/chat-rooms/${id}/members`, { user_ids: [EMMA] }],
    [MINSU, 'POST', '/chat-rooms', { type: 'group', member_ids: [JIWOO] }],
    [MINSU, 'POST', '/chat-rooms', { type: 'direct', user_id: EMMA }],
    [HARIN, 'POST', `/chat-rooms/join/${link.code}`, {}],
  ]
  for (const [by, method, path, body] of calls) {
    set(true)
    const answer = await service.call(by, method, path, body)
    set(false)
    assert.deepEqual([method, path, answer.status, answer.body.code], [method, path, 503, 'OUTCOME_UNKNOWN'])
  }
  assert.equal((await service.room(MINSU, id)).name, '새 이름')
})
