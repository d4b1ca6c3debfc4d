import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createArgon2Hasher } from './password-hasher.ts'

const cheap = { memoryKiB: 64, passes: 1 }

describe('password hashing', () => {
  it('is argon2id with 19 MiB and two passes by default', async () => {
    assert.match(await createArgon2Hasher().hash('Test1234!@'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('verifies, also what was typed in decomposed Hangul', async () => {
    const hasher = createArgon2Hasher(cheap)
    const hash = await hasher.hash('비밀번호1234')
    assert.equal(await hasher.verify('비밀번호1234', hash), true)
    assert.equal(await hasher.verify('비밀번호1234'.normalize('NFD'), hash), true)
    assert.equal(await hasher.verify('비밀번호1235', hash), false)
    assert.equal(await hasher.verify('비밀번호1234', undefined), false)
  })

  it('does the same work for an unknown account', async () => {
    const hasher = createArgon2Hasher({ memoryKiB: 8 * 1024, passes: 2, parallel: 1 })
    const hash = await hasher.hash('password-1')
    const timed = async (known: string | undefined) => {
      const start = performance.now()
      for (let i = 0; i < 5; i++) await hasher.verify('wrong-one', known)
      return performance.now() - start
    }
    await timed(undefined)
    const [known, unknown] = [await timed(hash), await timed(undefined)]
    assert.ok(unknown > known / 10 && unknown < known * 10, `${known} ms and ${unknown} ms`)
  })

  it('bounds what runs and what waits; beyond that it says when to come back', async () => {
    const hasher = createArgon2Hasher({ ...cheap, parallel: 2, queue: 3 })
    const calls = Array.from({ length: 8 }, () => hasher.hash('password-1'))
    assert.equal(hasher.pending(), 5)
    const results = await Promise.allSettled(calls)
    assert.deepEqual(
      results.map((result) => result.status === 'fulfilled'),
      [true, true, true, true, true, false, false, false],
    )
    const refused = results[7] as PromiseRejectedResult
    const { code, kind, details } = refused.reason as { code: string; kind: string; details: { retryAfterS: number } }
    assert.deepEqual([code, kind, details.retryAfterS], ['PASSWORD_CHECKS_BUSY', 'unavailable', 2])
    assert.equal(hasher.pending(), 0)
    await hasher.hash('password-1')
  })

  it('leaves the event loop free', async () => {
    const hasher = createArgon2Hasher({ parallel: 2 })
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await Promise.all(Array.from({ length: 8 }, () => hasher.hash('password-1')))
    clearInterval(timer)
    assert.ok(turns >= 5, `${turns} turns`)
  })
})
