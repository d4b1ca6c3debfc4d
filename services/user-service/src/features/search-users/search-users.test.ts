import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, startService, type Account, type TestService } from '../../user-service.fixture.ts'

async function search({ app }: TestService, who: Account, q: string): Promise<string[]> {
  const answer = await app.inject({ url: `/users/search?q=${encodeURIComponent(q)}`, headers: bearer(who) })
  assert.equal(answer.statusCode, 200, answer.body)
  const { items } = answer.json<{ items: { username: string; email?: string }[] }>()
  assert.ok(items.every((item) => !('email' in item)))
  return items.map((item) => item.username)
}

describe('GET /users/search', () => {
  it('finds Korean substrings, exact matches first, then beginnings', async (t) => {
    const service = await startService(t)
    const me = await service.account('searcher')
    await service.account('user-a', { display_name: '박철수' })
    await service.account('user-b', { display_name: '철수네' })
    await service.account('user-c', { display_name: '철수' })
    await service.account('user-d', { display_name: '영희' })
    assert.deepEqual(await search(service, me, '철수'), ['user-c', 'user-b', 'user-a'])
    assert.deepEqual(await search(service, me, '철수'.normalize('NFD')), ['user-c', 'user-b', 'user-a'])
    assert.deepEqual(await search(service, me, '수'), ['user-a', 'user-c', 'user-b'])
    assert.deepEqual(await search(service, me, 'USER-D'), ['user-d'])
    assert.deepEqual(await search(service, me, '없는 사람'), [])
  })

  it('finds nobody for what nobody sees', async (t) => {
    const service = await startService(t)
    const me = await service.account('searcher')
    await service.account('user-a', { display_name: '박 철수' })
    for (const q of ['\0', '\0\0', ' ', '\u3164', '\u200b', '\u202e ', '\0%', '\u0001'])
      assert.deepEqual(await search(service, me, q), [], JSON.stringify(q))
    assert.deepEqual(await search(service, me, '박\u200b 철\0수'), ['user-a'])
  })

  it('takes wildcards literally', async (t) => {
    const service = await startService(t)
    const me = await service.account('searcher')
    await service.account('under_score')
    await service.account('underXscore', { display_name: '100% 나' })
    assert.deepEqual(await search(service, me, 'r_s'), ['under_score'])
    assert.deepEqual(await search(service, me, '%'), ['underXscore'])
    assert.deepEqual(await search(service, me, '!'), [])
    assert.deepEqual(await search(service, me, ' '), [])
  })

  it('leaves out oneself, inactive accounts and blocks of both directions', async (t) => {
    const service = await startService(t)
    const me = await service.account('kim-me')
    const [a, b, c, d] = [
      await service.account('kim-a'),
      await service.account('kim-b'),
      await service.account('kim-c'),
      await service.account('kim-d'),
    ]
    const { relations } = service.db.store
    await relations.setBlocked(me.id, a.id, true)
    await relations.setBlocked(b.id, me.id, true)
    await relations.setBlocked(c.id, d.id, true)
    const root = await service.admin('root')
    const url = `/users/${c.id}/status`
    await service.app.inject({ method: 'PATCH', url, payload: { status: 'inactive' }, headers: bearer(root) })
    assert.deepEqual(await search(service, me, 'kim'), ['kim-d'])
    await relations.setBlocked(b.id, me.id, false)
    assert.deepEqual(await search(service, me, 'kim'), ['kim-b', 'kim-d'])
  })
})
