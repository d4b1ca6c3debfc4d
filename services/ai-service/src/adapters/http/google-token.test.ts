import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { startFakeGoogle } from '@bigtech/testkit'
import { CareFailure } from '../../ports.ts'
import { NotKnown } from './ask.ts'
import { createGoogleToken, googleUrl, withToken } from './google-token.ts'

test('a token is signed for, kept, and renewed before it ends', async (t) => {
  const google = await startFakeGoogle(t)
  let now = Date.now()
  const token = createGoogleToken({ type: 'service_account', account: google.account }, () => now)
  assert.deepEqual(await Promise.all([token.get(), token.get()]), ['token-1', 'token-1'])
  now += 3_400_000
  assert.equal(await token.get(), 'token-1')
  now += 100_000
  // Signed by our clock, which is nearly an hour ahead of the fake's: refused, and not kept.
  await assert.rejects(token.get(), CareFailure)
  assert.equal(google.tokens(), 1)
})

test('a key that is not the one of the account is refused, one that is no key is told', async (t) => {
  const google = await startFakeGoogle(t)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  for (const private_key of [String(privateKey.export({ type: 'pkcs8', format: 'pem' })), 'no key']) {
    const token = createGoogleToken({ type: 'service_account', account: { ...google.account, private_key } })
    await assert.rejects(
      token.get(),
      (error: Error) => error instanceof CareFailure && !error.message.includes(private_key),
    )
  }
  assert.equal(google.tokens(), 0)
})

test('the metadata server gives tokens without a key', async (t) => {
  const { url } = await startFakeGoogle(t)
  assert.equal(await createGoogleToken({ type: 'metadata', baseUrl: url }).get(), 'token-1')
})

test('a token that is not accepted any more is asked for anew, once', async (t) => {
  const google = await startFakeGoogle(t)
  const token = createGoogleToken({ type: 'service_account', account: google.account })
  const { signal } = new AbortController()
  const tried: string[] = []
  const refusing = (refused: readonly string[]) => (authorization: string) => {
    tried.push(authorization)
    return refused.includes(authorization) ? Promise.reject(new NotKnown('host')) : Promise.resolve('done')
  }
  assert.equal(await withToken(token, signal, refusing(['Bearer token-1'])), 'done')
  assert.deepEqual(tried, ['Bearer token-1', 'Bearer token-2'])
  await assert.rejects(withToken(token, signal, refusing(['Bearer token-2', 'Bearer token-3'])), NotKnown)
})

test('addresses of a location', () => {
  assert.equal(googleUrl('speech', 'global'), 'https://speech.googleapis.com')
  assert.equal(googleUrl('aiplatform', 'asia-northeast3'), 'https://asia-northeast3-aiplatform.googleapis.com')
})
