import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EMMA, HARIN, JIWOO, MINSU, startService, type List, type Person } from '../../friend-service.fixture.ts'

type Suggestion = Person & { mutual_friends: number }
const suggested = async (service: Awaited<ReturnType<typeof startService>>, query = '') =>
  (await service.call<List<Suggestion>>(MINSU, 'GET', `/friends/suggestions${query}`)).body.items.map(
    ({ user_id, mutual_friends }) => [user_id, mutual_friends],
  )

describe('GET /friends/suggestions', () => {
  it('friends of friends, those with most in common first; nobody whom one has, asked or blocked', async (t) => {
    const service = await startService(t)
    await service.befriend(MINSU, JIWOO)
    await service.befriend(JIWOO, EMMA)
    await service.befriend(JIWOO, HARIN)
    await service.befriend(MINSU, HARIN)
    await service.befriend(HARIN, EMMA)
    assert.deepEqual(await suggested(service), [[EMMA, 2]])
    await service.call(MINSU, 'DELETE', `/friends/${HARIN}`)
    assert.deepEqual(new Set((await suggested(service)).map(([who]) => who)), new Set([EMMA, HARIN]))
    assert.equal((await suggested(service, '?limit=1')).length, 1)
    await service.call(MINSU, 'PUT', `/friends/blocks/${EMMA}`)
    assert.deepEqual(await suggested(service), [[HARIN, 1]])
  })
})
