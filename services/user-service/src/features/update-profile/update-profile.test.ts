import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventually } from '@bigtech/testkit'
import { bearer, startService } from '../../user-service.fixture.ts'

type Profile = Record<string, unknown>

describe('/profile/me', () => {
  it('PATCH changes what is given and null clears', async (t) => {
    const { app, account } = await startService(t)
    const alice = await account('alice', { age: 30, phone: '010-1', display_name: '앨리스' })
    const patch = async (payload: object) =>
      (await app.inject({ method: 'PATCH', url: '/profile/me', payload, headers: bearer(alice) })).json<Profile>()
    const changed = await patch({ status_message: '오늘도 화이팅 😀', age: null })
    assert.deepEqual(
      [changed['status_message'], changed['age'], changed['phone'], changed['display_name']],
      ['오늘도 화이팅 😀', null, '010-1', '앨리스'],
    )
    assert.equal((await patch({ display_name: '\u2800\u2800' }))['code'], 'TEXT_NOT_PLAIN', 'nothing is to be seen')
    const cleared = await patch({ display_name: null, phone: null, username: 'alice.kim' })
    assert.deepEqual([cleared['display_name'], cleared['phone'], cleared['username']], ['alice.kim', null, 'alice.kim'])
  })

  it('PUT clears what is left out', async (t) => {
    const { app, account } = await startService(t)
    const alice = await account('alice', { age: 30, display_name: '앨리스' })
    const answer = await app.inject({
      method: 'PUT',
      url: '/profile/me',
      payload: { username: 'alice2', status_message: 'hi' },
      headers: bearer(alice),
    })
    assert.equal(answer.statusCode, 200)
    const { username, display_name, age, status_message, email } = answer.json<Profile>()
    assert.deepEqual(
      [username, display_name, age, status_message, email],
      ['alice2', 'alice2', null, 'hi', alice.email],
    )
    assert.equal(
      (await app.inject({ method: 'PUT', url: '/profile/me', payload: {}, headers: bearer(alice) })).statusCode,
      422,
    )
  })

  it('refuses a username in use, long messages and control characters', async (t) => {
    const { app, account } = await startService(t)
    const [alice] = [await account('alice'), await account('bob')]
    const patch = async (payload: object) =>
      (await app.inject({ method: 'PATCH', url: '/profile/me', payload, headers: bearer(alice) })).statusCode
    assert.equal(await patch({ username: 'BOB' }), 409)
    assert.equal(await patch({ username: 'Alice' }), 200, 'the case of the own name may change')
    assert.equal(await patch({ status_message: 'x'.repeat(201) }), 422)
    assert.equal(await patch({ display_name: 'a\u0000b' }), 422)
  })

  it('refuses names that hide something, but not one that an account had before that was refused', async (t) => {
    const { app, account, db } = await startService(t)
    const alice = await account('alice')
    const change = async (method: 'PUT' | 'PATCH', payload: object) => {
      const answer = await app.inject({ method, url: '/profile/me', payload, headers: bearer(alice) })
      return [answer.statusCode, answer.json<{ code?: string }>().code]
    }
    assert.deepEqual(await change('PATCH', { status_message: 'a\u202eb' }), [422, 'TEXT_NOT_PLAIN'])
    assert.deepEqual(await change('PATCH', { display_name: '\u3164' }), [422, 'TEXT_NOT_PLAIN'])
    assert.deepEqual(await change('PATCH', { username: 'аlice' }), [422, 'NAME_CONFUSABLE'])

    const old = { username: 'аlice', display_name: '\u202eecila', status_message: '\u3164' }
    await db.store.transaction(async (tx) => {
      const { user, version } = (await tx.users.load(alice.id))!
      await tx.users.save({ ...user, ...old }, version, [])
    })
    assert.deepEqual(await change('PUT', { ...old, age: 30 }), [200, undefined])
    assert.deepEqual(await change('PATCH', { status_message: '새 소식' }), [200, undefined])
  })

  it('publishes the whole public profile, and nothing when nothing changed', async (t) => {
    const { app, account, published } = await startService(t)
    const alice = await account('alice', { phone: '010-7777' })
    for (const payload of [{ display_name: '앨리스', age: 31 }, { display_name: '앨리스' }])
      await app.inject({ method: 'PATCH', url: '/profile/me', payload, headers: bearer(alice) })
    const records = await eventually(async () => {
      const all = await published('user.events')
      assert.equal(all.length, 3)
      return all
    })
    assert.deepEqual(
      records.map((record) => record.value.event_type),
      ['UserRegistered', 'UserLoggedIn', 'UserProfileUpdated'],
    )
    const { event_id: _e, timestamp: _t, ...fields } = records[2]!.value
    assert.deepEqual(fields, {
      event_type: 'UserProfileUpdated',
      user_id: alice.id,
      username: 'alice',
      display_name: '앨리스',
      status_message: null,
      profile_image_url: null,
      status: 'active',
    })
    assert.ok(!JSON.stringify(records).includes('010-7777'))
  })

  it('keeps all of many changes at once', async (t) => {
    const { app, account, db } = await startService(t)
    const alice = await account('alice')
    const patch = (payload: object) =>
      app.inject({ method: 'PATCH', url: '/profile/me', payload, headers: bearer(alice) })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => patch({ status_message: `message ${i}` })))
    assert.ok(answers.every((answer) => answer.statusCode === 200))
    const stream = await db.store.users.stream(alice.id)
    assert.deepEqual(
      stream.map((event) => event.version),
      Array.from({ length: 22 }, (_, i) => i + 1),
    )
  })
})
