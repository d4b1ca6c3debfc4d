import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@bigtech/kernel'
import type { Cleanup } from '@bigtech/testkit'
import { startClosure } from '../domain/closure-saga.ts'
import { decideRegister, decideUpdateProfile } from '../domain/decide-user.ts'
import { imageUrlUnder } from '../domain/public-events.ts'
import { redactEvent, replay, type User } from '../domain/user.ts'
import { VersionConflict, type UserStore } from '../ports.ts'
import { changeUser, createUser, type ChangeContext } from '../access/change-user.ts'

/** What every store of user-service promises (ports.ts). @param open an empty one */
export function userStoreContract(name: string, open: (t: Cleanup) => Promise<UserStore>) {
  let time = 1_000
  const context: ChangeContext = { clock: { now: () => time++ }, imageUrl: imageUrlUnder('/api') }
  const register = (store: UserStore, username: string, email = `${username}@example.com`): Promise<User> =>
    store.transaction((tx) => createUser(tx, context, decideRegister({ email, username })))
  const rename = (store: UserStore, id: number, display_name: string) =>
    store.transaction((tx) => changeUser(tx, context, id, (user) => decideUpdateProfile(user, { display_name })))

  describe(`UserStore: ${name}`, () => {
    it('keeps row and stream together, with gap-free versions under 20 writers', async (t) => {
      const store = await open(t)
      const { id } = await register(store, 'alice')
      await Promise.all(Array.from({ length: 20 }, (_, i) => rename(store, id, `name ${i}`)))
      const stream = await store.users.stream(id)
      assert.deepEqual(
        stream.map((event) => event.version),
        Array.from({ length: 21 }, (_, i) => i + 1),
      )
      assert.deepEqual(await store.users.load(id), { user: replay(id, stream), version: 21 })
    })

    it('refuses a save on an old version, which the transaction tries again', async (t) => {
      const store = await open(t)
      const { id } = await register(store, 'alice')
      const { user, version } = (await store.users.load(id))!
      await assert.rejects(store.users.save(user, version - 1, []), VersionConflict)
      let runs = 0
      await store.transaction(async (tx) => {
        if (++runs < 3) throw new VersionConflict('made up')
        await tx.credentials.set(id, 'hash', 1)
      })
      assert.deepEqual([runs, await store.credentials.passwordHash(id)], [3, 'hash'])
      await assert.rejects(
        store.transaction(() => Promise.reject(new VersionConflict('for ever'))),
        { code: 'USER_CHANGED' },
      )
    })

    it('a failed transaction leaves nothing', async (t) => {
      const store = await open(t)
      const work = store.transaction(async (tx) => {
        const user = await createUser(tx, context, decideRegister({ email: 'a@example.com', username: 'alice' }))
        await tx.credentials.set(user.id, 'hash', 1)
        throw new Error('no')
      })
      await assert.rejects(work, /no/)
      assert.equal(await store.users.findByEmail('a@example.com'), undefined)
      assert.deepEqual(await store.users.list({ limit: 10 }), [])
    })

    it('e-mail and username have one owner: of 20 simultaneous writers one wins', async (t) => {
      const store = await open(t)
      const codes = async (attempts: Promise<unknown>[]) =>
        (await Promise.allSettled(attempts)).map((r) =>
          r.status === 'fulfilled' ? 'won' : (r.reason as { code: string }).code,
        )
      const emails = await codes(Array.from({ length: 20 }, (_, i) => register(store, `user-${i}`, 'one@example.com')))
      assert.deepEqual(
        [emails.filter((c) => c === 'won').length, emails.filter((c) => c === 'EMAIL_TAKEN').length],
        [1, 19],
      )
      const names = await codes(
        Array.from({ length: 20 }, (_, i) =>
          register(store, i % 2 ? '철수' : '철수'.normalize('NFD'), `u${i}@example.com`),
        ),
      )
      assert.deepEqual(
        [names.filter((c) => c === 'won').length, names.filter((c) => c === 'USERNAME_TAKEN').length],
        [1, 19],
      )
      const bob = await register(store, 'bob')
      const steal = store.transaction((tx) =>
        changeUser(tx, context, bob.id, (user) => decideUpdateProfile(user, { username: '철수' })),
      )
      await assert.rejects(steal, { code: 'USERNAME_TAKEN' })
    })

    it('names are one if their keys are, and only then', async (t) => {
      const store = await open(t)
      const rene = await register(store, 'rene')
      const other = await register(store, 'rené')
      assert.equal((await store.users.findByUsernameKey('rene'))?.id, rene.id)
      assert.equal((await store.users.findByUsernameKey('rené'))?.id, other.id)
      await assert.rejects(register(store, 'RENÉ', 'upper@example.com'), { code: 'USERNAME_TAKEN' })
      await assert.rejects(register(store, 'rene.2', 'rene@example.com'), { code: 'EMAIL_TAKEN' })
      assert.notEqual((await register(store, 'email', 'username_key@example.com')).id, rene.id)
      await assert.rejects(register(store, 'email', 'x@example.com'), { code: 'USERNAME_TAKEN' })
    })

    it('searches for what was typed, whatever it means to the database', async (t) => {
      const store = await open(t)
      const viewer = await register(store, 'viewer')
      const names = ['100%', 'a_b', 'a!b', 'a\\b', "O'Neil", '김철수', '👍🏽 thumbs', 'Rene', 'René']
      const ids = new Map<number, string>()
      for (const [i, name] of names.entries()) {
        const { id } = await register(store, `user-${i}`)
        await rename(store, id, name)
        ids.set(id, name)
      }
      const found = async (key: string) =>
        (await store.users.search({ key, viewer: viewer.id, limit: 20 })).map(({ id }) => ids.get(id))
      for (const [key, name] of [
        ['%', '100%'],
        ['_', 'a_b'],
        ['!', 'a!b'],
        ['\\', 'a\\b'],
        ["'", "O'Neil"],
        ['철', '김철수'],
        ['👍🏽', '👍🏽 thumbs'],
        ['rene', 'Rene'],
        ['rené', 'René'],
      ] as const)
        assert.deepEqual(await found(key), [name], key)
      const alike = await found('user')
      assert.equal(alike.length, names.length)
      await store.relations.setBlocked(viewer.id, [...ids.keys()][0]!, true)
      await store.relations.setBlocked([...ids.keys()][1]!, viewer.id, true)
      assert.equal((await found('user')).length, names.length - 2)
    })

    it('forgets what ended before a time, and nothing else', async (t) => {
      const store = await open(t)
      const { sessions, credentials } = store
      const times = { created_at: 1, last_used_at: 1 }
      const create = (id: string, expires_at: number) =>
        sessions.create({ id, user_id: 1, device: null, ip: null, ...times, expires_at }, `${id}-token`)
      await create('expired', 50)
      await create('revoked', 500)
      await create('open', 500)
      await sessions.revoke(1, { ids: ['revoked'] }, 60)
      await credentials.addReset({ tokenHash: 'r', userId: 1, expiresAt: 50 })
      assert.equal(await sessions.prune(100), 5)
      assert.equal(await sessions.findByToken('expired-token'), undefined)
      assert.equal(await sessions.findByToken('revoked-token'), undefined)
      assert.equal((await sessions.findByToken('open-token'))?.session.id, 'open')
    })

    it('takes texts as long as they may become', async (t) => {
      const store = await open(t)
      // Folding makes two characters of each.
      const user = await register(store, 'İ'.repeat(20), `${'İ'.repeat(200)}@example.com`)
      await rename(store, user.id, 'İ'.repeat(100))
      await store.transaction((tx) =>
        changeUser(tx, context, user.id, (now) =>
          decideUpdateProfile(now, { status_message: '👨‍👩‍👧‍👦'.repeat(18), phone: '0'.repeat(20), age: 150 }),
        ),
      )
      assert.deepEqual((await store.users.load(user.id))?.user, replay(user.id, await store.users.stream(user.id)))
    })

    it('pages activities newest first, by type', async (t) => {
      const store = await open(t)
      const { id } = await register(store, 'alice')
      const other = await register(store, 'bob')
      for (const display_name of ['a', 'b', 'c']) await rename(store, id, display_name)
      await rename(store, other.id, 'z')
      const first = await store.users.recent(id, { limit: 2 })
      const rest = await store.users.recent(id, { limit: 9, before: first.at(-1)!.id })
      assert.deepEqual(
        [...first, ...rest].map((e) => e.version),
        [4, 3, 2, 1],
      )
      const updates = await store.users.recent(id, { type: 'UserProfileUpdated', limit: 9 })
      assert.equal(updates.length, 3)
      const until = await store.users.stream(id, { until: rest[0]!.at })
      assert.deepEqual(
        until.map((e) => e.version),
        [1, 2],
      )
    })

    it('redacts data and nothing else', async (t) => {
      const store = await open(t)
      const { id } = await register(store, 'alice')
      await rename(store, id, 'secret name')
      const before = await store.users.stream(id)
      await store.transaction((tx) => tx.users.redact(id, (event) => redactEvent(id, event)))
      const after = await store.users.stream(id)
      assert.ok(!JSON.stringify(after).match(/alice|secret/))
      assert.deepEqual(
        after.map(({ event, ...rest }) => [event.type, rest]),
        before.map(({ event, ...rest }) => [event.type, rest]),
      )
    })

    it('rotates a refresh token once, and revokes what is open', async (t) => {
      const store = await open(t)
      const session = { user_id: 1, device: null, ip: null, created_at: 1, last_used_at: 1, expires_at: 100 }
      for (const id of ['s1', 's2']) await store.sessions.create({ ...session, id }, `${id}-token`)
      await store.sessions.create({ ...session, id: 'other', user_id: 2 }, 'other-token')
      const rotate = (newHash: string) =>
        store.transaction((tx) =>
          tx.sessions.rotate({
            sessionId: 's1',
            oldHash: 's1-token',
            newHash,
            salt: `salt of ${newHash}`,
            now: 5,
            expiresAt: 200,
            ip: '::1',
          }),
        )
      const results = await Promise.all(Array.from({ length: 20 }, (_, i) => rotate(`next-${i}`)))
      assert.equal(results.filter(Boolean).length, 1)
      const found = await store.sessions.findByToken('s1-token')
      const next = `next-${results.indexOf(true)}`
      assert.deepEqual(found!.used, { at: 5, salt: `salt of ${next}` })
      assert.equal((await store.sessions.findByToken(next))!.used, null)
      assert.deepEqual([found!.session.expires_at, found!.session.ip], [200, '::1'])
      assert.equal(await store.sessions.findByToken('unknown'), undefined)
      assert.deepEqual(
        (await store.sessions.active(1, 50)).map((s) => s.id),
        ['s1', 's2'],
      )
      assert.deepEqual(
        (await store.sessions.active(1, 150)).map((s) => s.id),
        ['s1'],
      )
      assert.deepEqual(await store.sessions.revoke(1, { ids: ['other', 'unknown'] }, 9), [], "not somebody else's")
      assert.deepEqual(await store.sessions.revoke(1, { allBut: 's2' }, 9), [{ session_id: 's1', user_id: 1 }])
      assert.deepEqual(await store.sessions.revoke(1, { allBut: null }, 10), [{ session_id: 's2', user_id: 1 }])
      assert.deepEqual(await store.sessions.revoke(1, { allBut: null }, 11), [])
      assert.deepEqual(await store.sessions.revokedSince(10), [{ session_id: 's2', user_id: 1 }])
    })

    it('knows the addresses of the sessions that are kept, each once, until the account is closed', async (t) => {
      const { sessions } = await open(t)
      const times = { created_at: 1, last_used_at: 1, expires_at: 100 }
      const create = (id: string, user_id: number, ip: string | null) =>
        sessions.create({ id, user_id, device: null, ip, ...times }, `${id}-token`)
      await create('s1', 1, '203.0.113.1')
      await create('s2', 1, '203.0.113.1')
      await create('s3', 1, '2001:db8::1')
      await create('s4', 1, null)
      await create('other', 2, '203.0.113.2')
      await sessions.revoke(1, { ids: ['s3'] }, 5)
      assert.deepEqual((await sessions.addressesOf(1)).sort(), ['2001:db8::1', '203.0.113.1'])
      assert.deepEqual(await sessions.addressesOf(3), [])
      await sessions.anonymize(1)
      assert.deepEqual(await sessions.addressesOf(1), [])
    })

    it('uses a reset token up once', async (t) => {
      const { credentials } = await open(t)
      for (const tokenHash of ['a', 'b']) await credentials.addReset({ tokenHash, userId: 1, expiresAt: 100 })
      await credentials.addReset({ tokenHash: 'c', userId: 2, expiresAt: 100 })
      assert.equal(await credentials.useReset('a', 100), false, 'expired')
      assert.equal(await credentials.findReset('a', 99), 1)
      const uses = await Promise.all(Array.from({ length: 10 }, () => credentials.useReset('a', 50)))
      assert.equal(uses.filter(Boolean).length, 1)
      assert.equal(await credentials.findReset('c', 50), 2)
    })

    it('a new password voids the links that were sent to change the old one', async (t) => {
      const { credentials } = await open(t)
      for (const [tokenHash, userId] of [
        ['a', 1],
        ['b', 2],
      ] as const)
        await credentials.addReset({ tokenHash, userId, expiresAt: 100 })
      await credentials.set(1, 'hash', 50)
      assert.equal(await credentials.findReset('a', 60), undefined)
      assert.equal(await credentials.useReset('a', 60), false)
      assert.equal(await credentials.findReset('b', 60), 2)
    })

    it('handles an event once', async (t) => {
      const store = await open(t)
      const id = newId()
      const first = await Promise.all(
        Array.from({ length: 10 }, () => store.transaction((tx) => tx.markHandled(id, 1))),
      )
      assert.equal(first.filter(Boolean).length, 1)
    })

    it('keeps friends both ways, blocks one way, and forgets a closed account', async (t) => {
      const { relations } = await open(t)
      for (let i = 0; i < 2; i++) await relations.addFriends(1, 2)
      await relations.addFriends(1, 3)
      await relations.setBlocked(3, 1, true)
      assert.deepEqual([await relations.friendsOf(1), await relations.friendsOf(3)], [[2], []])
      await relations.removeAll(2)
      assert.deepEqual([await relations.friendsOf(1), await relations.friendsOf(2)], [[], []])
    })

    it('a saga is advanced by one at a time', async (t) => {
      const store = await open(t)
      const participants = ['a', 'b', 'c', 'd', 'e', 'f']
      await store.sagas.save(startClosure({ id: 'saga', user_id: 1, participants, now: 5, deadlineMs: 10 }))
      await Promise.all(
        participants.map((service) =>
          store.transaction(async (tx) => {
            const saga = (await tx.sagas.find('saga'))!
            await tx.sagas.save({ ...saga, prepared: [...saga.prepared, service] })
          }),
        ),
      )
      assert.deepEqual((await store.sagas.find('saga'))?.prepared.toSorted(), participants)
    })

    it('a session that ends while its token is exchanged stays ended', async (t) => {
      const store = await open(t)
      const times = { created_at: 1, last_used_at: 1, expires_at: 100 }
      await store.sessions.create({ id: 's', user_id: 1, device: null, ip: null, ...times }, 'token')
      const change = { sessionId: 's', oldHash: 'token', newHash: 'next', salt: '', now: 5, expiresAt: 200, ip: null }
      const order: string[] = []
      let ending: Promise<unknown> | undefined
      await store.transaction(async (tx) => {
        const found = await tx.sessions.findByToken('token')
        if (found?.session.revoked_at !== null) return
        ending ??= store
          .transaction((other) => other.sessions.revoke(1, { allBut: null }, 6))
          .then((refs) => order.push(`ended ${refs.length}`))
        // If it need not wait for this exchange, it has the time to be done before.
        await Promise.race([ending, sleep(200)])
        if (await tx.sessions.rotate(change)) order.push('exchanged')
      })
      await ending
      assert.deepEqual(order, ['exchanged', 'ended 1'])
      assert.equal((await store.sessions.findByToken('next'))?.session.revoked_at, 6)
    })

    it('keeps sagas and their orphans', async (t) => {
      const { sagas } = await open(t)
      const saga = startClosure({ id: 'saga', user_id: 1, participants: ['x', 'y'], now: 5, deadlineMs: 10 })
      await sagas.save(saga)
      assert.deepEqual(await sagas.preparing(), [saga])
      const done = { ...saga, state: 'completed' as const, prepared: ['x', 'y'], ended_at: 7 }
      await sagas.save(done, 'blob-key')
      await sagas.save(done)
      assert.deepEqual([await sagas.find('saga'), await sagas.preparing()], [done, []])
      assert.deepEqual(await sagas.orphans(), [{ saga_id: 'saga', key: 'blob-key' }])
      await sagas.forgetOrphan('saga')
      assert.deepEqual(await sagas.orphans(), [])
    })

    it('last-seen times only grow', async (t) => {
      const { lastSeen } = await open(t)
      await lastSeen.put(new Map([[1, 50], [2, 10]])) // prettier-ignore
      await lastSeen.put(new Map([[1, 40], [2, 20]])) // prettier-ignore
      assert.deepEqual(await lastSeen.get([1, 2, 3]), new Map([[1, 50], [2, 20]])) // prettier-ignore
      await Promise.all(Array.from({ length: 20 }, (_, i) => lastSeen.put(new Map([[3, ((i * 7) % 20) + 1]]))))
      assert.deepEqual(await lastSeen.get([3]), new Map([[3, 20]]))
    })
  })
}
