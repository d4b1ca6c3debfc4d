import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, startService } from '../../user-service.fixture.ts'

type Activity = { id: number; activity_type: string; description: string; data: object; created_at: string }
type Page = { items: Activity[]; next_cursor: string | null }

describe('the stream of a user', () => {
  it('is their list of activities: newest first, their own only, by type, in their language', async (t) => {
    const { app, account } = await startService(t)
    const [alice, bob] = [await account('alice'), await account('bob')]
    await app.inject({ method: 'PATCH', url: '/profile/me', payload: { age: 40 }, headers: bearer(alice) })
    const get = async (query: string, headers: object = {}) =>
      (
        await app.inject({ url: `/users/me/activities${query}`, headers: { ...bearer(alice), ...headers } })
      ).json<Page>()
    const all = await get('')
    assert.deepEqual(
      all.items.map((item) => [item.activity_type, item.description]),
      [
        ['user_updated', '프로필 수정'],
        ['user_login', '로그인'],
        ['user_created', '새 사용자 계정 생성'],
      ],
    )
    assert.deepEqual(all.items[0]!.data, { age: 40 })
    const logins = await get('?type=user_login', { 'accept-language': 'en' })
    assert.deepEqual(
      logins.items.map((item) => item.description),
      ['Signed in'],
    )
    const first = await get('?limit=2')
    const second = await get(`?limit=2&cursor=${first.next_cursor}`)
    assert.deepEqual([...first.items, ...second.items], all.items)
    assert.equal(second.next_cursor, null)
    const bobs = await app.inject({ url: '/users/me/activities', headers: bearer(bob) })
    assert.equal(bobs.json<Page>().items.length, 2)
    const unknown = await app.inject({ url: '/users/me/activities?type=nonsense', headers: bearer(alice) })
    assert.equal(unknown.statusCode, 422)
  })

  it('replays the account as of a time, for administrators', async (t) => {
    const { app, account, admin, clock } = await startService(t)
    const [alice, root] = [await account('alice', { display_name: '하나' }), await admin('root')]
    clock.advance(60_000)
    const then = new Date(clock.now()).toISOString()
    clock.advance(60_000)
    await app.inject({ method: 'PATCH', url: '/profile/me', payload: { display_name: '둘' }, headers: bearer(alice) })
    const history = async (query = '') => {
      const answer = await app.inject({ url: `/users/${alice.id}/history${query}`, headers: bearer(root) })
      return answer.json<{ state: Record<string, unknown>; version: number; events: { event_type: string }[] }>()
    }
    const past = await history(`?at=${then}`)
    assert.deepEqual([past.state['display_name'], past.version], ['하나', 2])
    const now = await history()
    assert.deepEqual([now.state['display_name'], now.version], ['둘', 3])
    assert.deepEqual(
      now.events.map((event) => event.event_type),
      ['UserRegistered', 'UserLoggedIn', 'UserProfileUpdated'],
    )
    const me = await app.inject({ url: '/profile/me', headers: bearer(alice) })
    assert.deepEqual(now.state, me.json(), 'replayed state and projection are the same')
    assert.equal((await app.inject({ url: `/users/${alice.id}/history`, headers: bearer(alice) })).statusCode, 403)
    assert.equal((await app.inject({ url: '/users/99/history', headers: bearer(root) })).statusCode, 404)
    const before = `/users/${alice.id}/history?at=2020-01-01T00:00:00Z`
    assert.equal((await app.inject({ url: before, headers: bearer(root) })).statusCode, 404)
  })

  it('exports as a file', async (t) => {
    const { app, account } = await startService(t)
    const alice = await account('alice', { phone: '010-1' })
    const answer = await app.inject({ url: '/users/me/export', headers: bearer(alice) })
    assert.equal(answer.statusCode, 200)
    assert.match(String(answer.headers['content-disposition']), /^attachment; filename=".*\.json"$/)
    const data = answer.json<{ profile: Record<string, unknown>; sessions: unknown[]; activities: Activity[] }>()
    assert.equal(data.profile['phone'], '010-1')
    assert.equal(data.sessions.length, 1)
    assert.deepEqual(
      data.activities.map((item) => item.activity_type),
      ['user_login', 'user_created'],
    )
    assert.ok(!answer.body.includes('argon2'))
  })
})
