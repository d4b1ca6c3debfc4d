import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, startService } from '../../user-service.fixture.ts'

describe('administrators', () => {
  it('deactivate and activate accounts; deactivating ends the sessions at once', async (t) => {
    const { app, account, admin, signIn } = await startService(t)
    const [alice, root] = [await account('alice'), await admin('root')]
    const set = (id: number, payload: object, by = root) =>
      app.inject({ method: 'PATCH', url: `/users/${id}/status`, payload, headers: bearer(by) })
    const answer = await set(alice.id, { status: 'inactive' })
    assert.deepEqual([answer.statusCode, answer.json<{ status: string }>().status], [200, 'inactive'])
    assert.equal((await app.inject({ url: '/profile/me', headers: bearer(alice) })).statusCode, 401)
    const payload = { refresh_token: alice.refresh }
    assert.equal((await app.inject({ method: 'POST', url: '/auth/refresh', payload })).statusCode, 401)
    await assert.rejects(signIn(alice.email), /ACCOUNT_INACTIVE/)
    assert.equal((await set(alice.id, { status: 'active' })).statusCode, 200)
    await signIn(alice.email)
    assert.equal((await set(alice.id, { status: 'closed' })).statusCode, 422)
    assert.equal((await set(999, { status: 'active' })).statusCode, 404)
    assert.equal((await set(root.id, { status: 'inactive' })).statusCode, 400)
  })

  it('give and take the role; it takes effect with the next sign-in', async (t) => {
    const { app, account, admin, signIn } = await startService(t)
    const [alice, root] = [await account('alice'), await admin('root')]
    const set = (role: string, by = root) =>
      app.inject({ method: 'PATCH', url: `/users/${alice.id}/role`, payload: { role }, headers: bearer(by) })
    assert.equal((await set('admin', alice)).statusCode, 403)
    assert.equal((await set('admin')).statusCode, 200)
    const promoted = await signIn(alice.email)
    assert.equal((await app.inject({ url: '/users', headers: bearer(promoted) })).statusCode, 200)
    assert.equal((await set('user')).statusCode, 200)
    assert.equal((await app.inject({ url: '/users', headers: bearer(promoted) })).statusCode, 401)
    assert.equal((await app.inject({ url: '/users', headers: bearer(await signIn(alice.email)) })).statusCode, 403)
  })

  it('are made on the command line, from nothing or from an account', async (t) => {
    const { module, account, signIn, app } = await startService(t)
    const alice = await account('alice')
    const command = { email: ' Alice@Example.com', username: 'ignored', password: 'our-operator-7' }
    const { user, created } = await module.createAdmin(command)
    assert.deepEqual([user.id, user.role, created], [alice.id, 'admin', false])
    assert.equal((await app.inject({ url: '/profile/me', headers: bearer(alice) })).statusCode, 401)
    await signIn(alice.email, 'our-operator-7')
    assert.equal(
      (await module.createAdmin({ ...command, email: 'new@example.com', username: 'newroot' })).created,
      true,
    )
    await assert.rejects(module.createAdmin({ ...command, password: 'short' }), /password is not valid/)
  })
})
