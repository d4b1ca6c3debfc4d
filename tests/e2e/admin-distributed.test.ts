import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { tempDir } from '@bigtech/testkit'
import { distributedEnv, startDistributed } from '../support/distributed-server.ts'
import { noEngines } from '../support/engines.ts'
import { call, MAIN, ok, testEnv } from '../support/index.ts'

const skip = noEngines()

const ADMIN = join(MAIN, '../admin.ts')
const LOGIN = { email: 'operator@example.com', password: 'Test1234!@' }

const admin = (env: Record<string, string>, ...args: string[]) =>
  promisify(execFile)(process.execPath, [ADMIN, ...args], { env, timeout: 30_000 })
const createAdmin = (env: Record<string, string>) =>
  admin(env, 'create-admin', '--email', LOGIN.email, '--username', 'operator', '--password', LOGIN.password)

describe('npm run admin on the distributed profile', { skip }, () => {
  it('makes an administrator while all services run, with no more than what user-service needs', async (t) => {
    const env: Record<string, string> = { ...testEnv(tempDir(t)), ...distributedEnv() }
    const { urls } = await startDistributed(t, env)
    assert.match((await createAdmin(env)).stdout, /now an administrator \(user 1, new account\)/)
    assert.match((await createAdmin(env)).stdout, /now an administrator \(user 1, existing account\)/)
    const error = await createAdmin({ ...env, SIGNING_KEY_SECRET: 'z'.repeat(40) }).catch((reason: Error) => reason)
    assert.match(
      (error as { stderr: string }).stderr,
      /^The signing keys .* SIGNING_KEY_SECRET is not the one [^\n]*\n$/,
    )

    const api = `${urls.gateway}/api`
    const { access_token: token } = await ok<{ access_token: string }>(
      call('POST', `${api}/auth/login/json`, { body: LOGIN }),
    )
    assert.equal((await call('GET', `${api}/ops/topics`, { token })).status, 200)
    assert.equal((await ok<{ role: string }>(call('GET', `${api}/profile/me`, { token }))).role, 'admin')
  })

  it('says in a line each what is missing', async () => {
    const { MYSQL_URL: _none, SIGNING_KEY_SECRET: _nor, ...env } = distributedEnv()
    const error = await createAdmin(env).then(
      () => assert.fail('it worked'),
      (reason: { code: number; stderr: string }) => reason,
    )
    assert.equal(error.code, 1)
    assert.match(error.stderr, /MYSQL_URL is not set; role user needs it/)
    assert.match(error.stderr, /SIGNING_KEY_SECRET is not set; role user needs it/)
    assert.doesNotMatch(error.stderr, /^\s+at /m)
  })
})

describe('npm run admin -- config', () => {
  it('prints the settings of both profiles', async () => {
    const { stdout } = await admin({}, 'config')
    for (const name of ['DATA_DIR', 'GATEWAY_PORT', 'ROLES', 'MYSQL_URL', 'S3_BUCKET', 'CHAT_SERVICE_INTERNAL_URLS'])
      assert.match(stdout, new RegExp(`^(# ?)?${name}=`, 'm'), name)
  })
})
