import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, startService } from '../../user-service.fixture.ts'

type Item = Record<string, unknown>

describe('public profiles', () => {
  it('show nothing private', async (t) => {
    const { app, account } = await startService(t)
    const [alice, bob] = [await account('alice', { age: 30, phone: '010-1234' }), await account('bob')]
    const answer = await app.inject({ url: `/users/${alice.id}`, headers: bearer(bob) })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(answer.json(), {
      id: alice.id,
      username: 'alice',
      display_name: 'alice',
      status_message: null,
      profile_image_url: null,
      status: 'active',
    })
  })

  it('unknown users are 404, signed-out callers 401', async (t) => {
    const { app, account } = await startService(t)
    const alice = await account('alice')
    const unknown = await app.inject({ url: '/users/4711', headers: bearer(alice) })
    assert.equal(unknown.statusCode, 404)
    assert.equal(unknown.json<{ detail: string }>().detail, '사용자를 찾을 수 없습니다')
    assert.equal((await app.inject('/users/1')).statusCode, 401)
    assert.equal((await app.inject({ url: '/users/0', headers: bearer(alice) })).statusCode, 422)
  })

  it('come by ids as a plain list, in that order', async (t) => {
    const { app, account } = await startService(t)
    const [a, b, c] = [await account('alice'), await account('bob'), await account('carol')]
    const get = (ids: string) => app.inject({ url: `/users?user_ids=${ids}`, headers: bearer(a) })
    const answer = await get(`${c.id},999,${a.id},${b.id},${c.id}`)
    assert.deepEqual(
      answer.json<Item[]>().map((item) => item['id']),
      [c.id, a.id, b.id],
    )
    assert.ok(answer.json<Item[]>().every((item) => !('email' in item)))
    assert.deepEqual((await get('')).json(), [])
    assert.equal((await get('1,x')).statusCode, 422)
    assert.equal((await get(Array.from({ length: 100 }, (_, i) => i + 1).join(','))).statusCode, 200)
    const many = await get(Array.from({ length: 101 }, (_, i) => i + 1).join(','))
    assert.equal(many.statusCode, 400)
    assert.equal(many.json<{ code: string }>().code, 'TOO_MANY_USER_IDS')
  })

  it('are fresh right after a change, though cached', async (t) => {
    const { app, account } = await startService(t)
    const [alice, bob] = [await account('alice'), await account('bob')]
    const name = async () =>
      (await app.inject({ url: `/users/${alice.id}`, headers: bearer(bob) })).json<Item>()['display_name']
    assert.equal(await name(), 'alice')
    for (const display_name of ['하나', '둘']) {
      await app.inject({ method: 'PATCH', url: '/profile/me', payload: { display_name }, headers: bearer(alice) })
      assert.equal(await name(), display_name)
    }
  })
})

describe('GET /users for administrators', () => {
  it('pages through all accounts, by status', async (t) => {
    const { app, account, admin } = await startService(t)
    const root = await admin('root')
    for (let i = 0; i < 5; i++) await account(`user-${i}`, { phone: '010-5' })
    const seen: Item[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const answer = await app.inject({ url: `/users?limit=2${cursor && `&cursor=${cursor}`}`, headers: bearer(root) })
      const page: { items: Item[]; next_cursor: string | null } = answer.json()
      assert.ok(page.items.length <= 2)
      seen.push(...page.items)
      cursor = page.next_cursor
    }
    assert.deepEqual(
      seen.map((item) => item['username']),
      ['root', 'user-0', 'user-1', 'user-2', 'user-3', 'user-4'],
    )
    assert.equal(seen[1]!['phone'], '010-5')
    assert.ok(seen.every((item) => !('password' in item) && !('password_hash' in item)))
    const url = `/users/${Number(seen[1]!['id'])}/status`
    await app.inject({ method: 'PATCH', url, payload: { status: 'inactive' }, headers: bearer(root) })
    const inactive = await app.inject({ url: '/users?status=inactive', headers: bearer(root) })
    assert.deepEqual(
      inactive.json<{ items: Item[] }>().items.map((item) => item['username']),
      ['user-0'],
    )
    assert.equal((await app.inject({ url: '/users?cursor=junk', headers: bearer(root) })).statusCode, 400)
  })

  it('is forbidden for everybody else', async (t) => {
    const { app, account } = await startService(t)
    const alice = await account('alice')
    for (const url of ['/users', '/users?status=active', '/users?limit=5']) {
      const answer = await app.inject({ url, headers: bearer(alice) })
      assert.equal(answer.statusCode, 403)
      assert.equal(answer.json<{ code: string }>().code, 'ADMIN_ONLY')
    }
  })
})
