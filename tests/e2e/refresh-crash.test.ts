import assert from 'node:assert/strict'
import { it } from 'node:test'
import { call, register, spawnServer } from '../support/index.ts'
import { dataDir } from '../support/process-world.ts'

type Pair = { access_token: string; refresh_token: string }

it('kill -9 while tokens are exchanged signs nobody out: what was sent may be sent again', async (t) => {
  const dir = dataDir(t)
  let server = await spawnServer(t, { DATA_DIR: dir })
  let { gateway } = await server.urls()
  const { refreshToken } = await register(await server.urls(), '하나')
  const refresh = (refresh_token: string) => call('POST', `${gateway}/api/auth/refresh`, { body: { refresh_token } })
  let token = refreshToken
  let [answered, lost] = [0, 0]
  // An exchange takes a few milliseconds: some of these are killed before its commit, some after it, some after the answer.
  for (const afterMs of [0, 1, 2, 3, 5, 20]) {
    const asked = refresh(token).then(
      () => answered++,
      () => lost++,
    )
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    await server.kill('SIGKILL')
    await asked
    server = await spawnServer(t, { DATA_DIR: dir })
    gateway = (await server.urls()).gateway
    const again = await refresh(token)
    assert.equal(again.status, 200, `killed after ${afterMs} ms: ${again.text}`)
    token = (again.json() as Pair).refresh_token
  }
  assert.ok(lost > 0, 'no exchange was cut')
  const last = await refresh(token)
  assert.equal(last.status, 200)
  const headers = { authorization: `Bearer ${(last.json() as Pair).access_token}` }
  const me = await call('GET', `${gateway}/api/profile/me`, { headers })
  assert.equal(me.status, 200)
})
