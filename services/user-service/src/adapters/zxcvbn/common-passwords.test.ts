import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createCommonPasswords } from './common-passwords.ts'

describe('common passwords', () => {
  const common = createCommonPasswords()

  it('are those of the list, and those that only put something behind one', async () => {
    for (const password of [
      'password1',
      'QWER1234',
      '12345678',
      'Password1!',
      'password123!',
      'Welcome1!',
      'Qwerty123!',
    ])
      assert.equal(await common.has(password), true, password)
    for (const password of ['12345678!', 'sunshine!!', 'P@ssw0rd1!', 'iloveyou2!'])
      assert.equal(await common.has(password), true, password)
  })

  it('are none that are hard to guess all the same', async () => {
    // The first two are in the source documents and in the demo world.
    for (const password of ['Test1234!@', 'Demo1234!', 'NewPass5678!', 'Another1234!', 'test48151623', 'k7w2m9xq'])
      assert.equal(await common.has(password), false, password)
    assert.equal(await common.has(`password${'7!'.repeat(60)}`), false)
  })
})
