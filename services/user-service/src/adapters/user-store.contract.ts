import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
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

    it('folds what is old into one event that has its result', async (t) => {
      const store = await open(t)
      const [{ id }, other] = [await register(store, 'alice'), await register(store, 'bob')]
      const visit = (user: number) =>
        store.transaction((tx) =>
          changeUser(tx, context, user, () => [{ type: 'UserLoggedIn', data: { session_id: 's1', device: 'phone' } }]),
        )
      await visit(id)
      await rename(store, id, 'second')
      await visit(id)
      await rename(store, id, 'third')
      const before = await store.users.stream(id)
      const cut = before[3]!.at
      const fold = () => store.transaction((tx) => tx.users.fold(id, cut))
      const old = before.filter(({ at }) => at < cut)
      assert.ok(old.length >= 2)
      assert.ok((await store.users.withOldVisits(cut, 10)).includes(id))
      assert.equal(await fold(), old.length - 1)

      const after = await store.users.stream(id)
      assert.equal(after[0]!.event.type, 'HistoryFolded')
      assert.deepEqual(
        after.map(({ version, at }) => [version, at]),
        before.slice(old.length - 1).map(({ version, at }) => [version, at]),
      )
      assert.deepEqual(replay(id, after), replay(id, before))
      assert.deepEqual(replay(id, after), (await store.users.load(id))?.user)
      const activities = await store.users.recent(id, { limit: 10 })
      assert.deepEqual(
        activities.map(({ version }) => version),
        before
          .slice(old.length)
          .map(({ version }) => version)
          .reverse(),
      )
      assert.equal(await fold(), 0)
      assert.ok(!(await store.users.withOldVisits(cut, 10)).includes(id))
      assert.equal((await store.users.stream(other.id)).length, 1)
      await visit(id)
      await store.transaction((tx) => tx.users.redact(id, (event) => redactEvent(id, event)))
      assert.ok(!JSON.stringify((await store.users.stream(id))[0]).match(/alice|second/))
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
