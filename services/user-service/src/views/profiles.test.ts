import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMemoryCache } from '@bigtech/cache'
import { evolve, type User } from '../domain/user.ts'
import { decideRegister } from '../domain/decide-user.ts'
import { profileHandlers } from '../features/refresh-profiles/refresh-profiles.consumer.ts'
import { createProfiles } from './profiles.ts'

const user = (id: number, display_name: string): User =>
  evolve(undefined, id, decideRegister({ email: 'a@b.kr', username: `user-${id}`, display_name }), 1)

function setup() {
  const asked: number[][] = []
  const rows = new Map([1, 2, 3].map((id) => [id, user(id, `name ${id}`)]))
  const users = {
    async byIds(ids: readonly number[]) {
      if (ids.length > 0) asked.push([...ids])
      return ids.flatMap((id) => rows.get(id) ?? [])
    },
  }
  const cache = createMemoryCache()
  return { asked, rows, cache, profiles: createProfiles({ users, cache, imageUrl: () => null }) }
}

describe('cached profiles', () => {
  it('ask the database once for what is not known', async () => {
    const { profiles, asked, cache } = setup()
    await profiles.get([1, 2])
    const found = await profiles.get([3, 2, 1, 99])
    assert.deepEqual(
      found.map((profile) => profile.id),
      [3, 2, 1],
    )
    assert.deepEqual(asked, [[1, 2], [3, 99]]) // prettier-ignore
    const stored = (await cache.get('cache:user:1'))!
    assert.ok(!stored.includes('a@b.kr'), 'nothing private in the cache')
  })

  it('are forgotten when user.events tells of a change', async () => {
    const { profiles, rows } = setup()
    const name = async () => (await profiles.get([1]))[0]!.display_name
    await name()
    rows.set(1, user(1, 'changed'))
    assert.equal(await name(), 'name 1')
    const value = { event_id: 'e', event_type: 'UserProfileUpdated', timestamp: '', user_id: 1 }
    const record = { topic: 'user.events', key: '1', value, headers: {}, partition: 0, offset: 0, stored_at: 0 }
    await profileHandlers(profiles)['UserProfileUpdated']!(record)
    assert.equal(await name(), 'changed')
  })
})
