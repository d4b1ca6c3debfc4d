import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { readServiceAccount } from './service-account.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const FILE = {
  type: 'service_account',
  project_id: 'p',
  client_email: 'care@p.iam.gserviceaccount.com',
  private_key_id: 'k1',
  private_key: privateKey,
  token_uri: 'https://oauth2.googleapis.com/token',
}

test('a key file is read, and one that is none says why without telling its key', () => {
  const { client_email, private_key_id, token_uri } = FILE
  assert.deepEqual(readServiceAccount(JSON.stringify(FILE)), {
    client_email,
    private_key_id,
    private_key: privateKey,
    token_uri,
  })
  assert.throws(() => readServiceAccount('private'), /^Error: it is no JSON$/)
  assert.throws(() => readServiceAccount(JSON.stringify({ ...FILE, type: 'authorized_user' })), /\/type/)
  assert.throws(() => readServiceAccount(JSON.stringify({ ...FILE, client_email: undefined })), /client_email/)
  const secret = 'MIIsecret'
  assert.throws(
    () => readServiceAccount(JSON.stringify({ ...FILE, private_key: secret })),
    (error: Error) => /private_key is no key/.test(error.message) && !error.message.includes(secret),
  )
})
