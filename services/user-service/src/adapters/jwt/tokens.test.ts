import assert from 'node:assert/strict'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createTokenVerifier, TOKEN_AUDIENCE, TOKEN_ISSUER } from '@bigtech/http'
import { tempDir } from '@bigtech/testkit'
import { createAccessTokens } from './access-tokens.ts'
import { createFileSigningKeys } from './file-signing-keys.ts'

const claims = { user_id: 7, session_id: 's', role: 'admin' } as const
const verifierOf = (keys: { jwks(): unknown }) => createTokenVerifier({ jwks: async () => keys.jwks() as never })

describe('access tokens', () => {
  it('are verified by whoever has the JWK set', async (t) => {
    const keys = await createFileSigningKeys(join(tempDir(t), 'keys'))
    const { token, expiresInS } = createAccessTokens(keys, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE }).issue(
      claims,
    )
    assert.equal(expiresInS, 900)
    const { expires_at, ...principal } = await verifierOf(keys).verify(token)
    assert.deepEqual(principal, claims)
    assert.ok(Math.abs(expires_at - Date.now() - 900_000) < 5_000)
  })

  it('expire, and are refused when altered or signed by another key', async (t) => {
    const [keys, others] = [
      await createFileSigningKeys(join(tempDir(t), 'keys')),
      await createFileSigningKeys(join(tempDir(t), 'keys')),
    ]
    const past = { now: () => Date.now() - 901_000 }
    const expired = createAccessTokens(keys, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, clock: past }).issue(
      claims,
    ).token
    await assert.rejects(verifierOf(keys).verify(expired), { code: 'TOKEN_EXPIRED' })
    const { token } = createAccessTokens(keys, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE }).issue(claims)
    await assert.rejects(verifierOf(others).verify(token), { code: 'TOKEN_INVALID' })
    const altered = token.split('.')
    altered[1] = Buffer.from(JSON.stringify({ sub: '1', role: 'admin' })).toString('base64url')
    await assert.rejects(verifierOf(keys).verify(altered.join('.')), { code: 'TOKEN_INVALID' })
    const foreign = createAccessTokens(keys, { issuer: 'somebody-else', audience: TOKEN_AUDIENCE }).issue(claims).token
    await assert.rejects(verifierOf(keys).verify(foreign), { code: 'TOKEN_INVALID' })
  })

  it('survive a restart and a rotation; the old private key does not', async (t) => {
    const folder = join(tempDir(t), 'keys')
    const first = await createFileSigningKeys(folder)
    const before = createAccessTokens(first, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE }).issue(claims).token
    const oldKid = first.current().kid
    await (await createFileSigningKeys(folder)).rotate()
    const third = await createFileSigningKeys(folder)
    assert.notEqual(third.current().kid, oldKid)
    const after = createAccessTokens(third, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE }).issue(claims).token
    for (const token of [before, after]) assert.equal((await verifierOf(third).verify(token)).user_id, 7)
    assert.deepEqual(
      third.jwks().keys.map((key) => key.kid),
      [third.current().kid, oldKid],
    )
    const files = await readdir(folder)
    assert.deepEqual(files.sort(), [`${oldKid}.pub.pem`, `${third.current().kid}.pem`])
    assert.doesNotMatch(await readFile(join(folder, `${oldKid}.pub.pem`), 'utf8'), /PRIVATE/)
    for (const file of files) assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600)
  })
})
