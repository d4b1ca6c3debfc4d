import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cleanup } from '@bigtech/testkit'
import type { UserStore } from '../ports.ts'

/** What every store of user-service promises of sessions and credentials (ports.ts). @param open an empty one */
export function sessionStoreContract(name: string, open: (t: Cleanup) => Promise<UserStore>) {
  describe(`Sessions and Credentials: ${name}`, () => {
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
      assert.equal((await sessions.devicesOf(1)).length > 0, true)
      assert.deepEqual(await sessions.devicesOf(3), [])
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
  })
}
