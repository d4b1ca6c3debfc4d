import assert from 'node:assert/strict'
import { it } from 'node:test'
import { looksLikeEmail } from '@bigtech/web/email'

it('an address has a domain of labels, none of which begins or ends with a hyphen', () => {
  for (const address of ['a@x.example', ' Test@Example.com ', 'a@x--y.example', '민수@예시.한국', 'a.b+c@x-1.co.kr'])
    assert.equal(looksLikeEmail(address), true, address)
  for (const address of ['', 'a', 'a@b', '@x.example', 'a b@x.example', 'a@x..example', 'a@b@x.example'])
    assert.equal(looksLikeEmail(address), false, address)
  for (const address of ['a@-x.example', 'a@x-.example', 'a@x.example-', 'a@x.-.example', `a@${'x'.repeat(64)}.kr`])
    assert.equal(looksLikeEmail(address), false, address)
})
