import assert from 'node:assert/strict'
import { SERVICE_ROLES } from '@bigtech/server/roles'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { eventually, freePort, spawnProgram, tempDir } from '@bigtech/testkit'
import { pick, runs } from '../../tools/stack/choose.ts'
import { listens } from '../../tools/stack/work.ts'
import { distributedEnv, removeInstallation } from '../support/distributed-server.ts'
import { noEngines } from '../support/engines.ts'
import { call } from '../support/index.ts'

const FILE = join(import.meta.dirname, '../../tools/start-distributed.ts')
const stopped = pick(['mariadb', 'redis', 'kafka', 's3']).filter((server) => !runs(server))
const skip =
  (stopped.length > 0 && `${stopped.map(({ name }) => name).join(', ')} stopped (npm run stack -- up)`) || noEngines()

async function envOf(t: TestContext): Promise<Record<string, string>> {
  const { INSTALLATION } = distributedEnv()
  const names = [
    'GATEWAY_PORT',
    'USER_SERVICE_PORT',
    'FRIEND_SERVICE_PORT',
    'CHAT_SERVICE_PORT',
    'NOTIFICATION_SERVICE_PORT',
    'AI_SERVICE_PORT',
    'ANALYTICS_SERVICE_PORT',
  ]
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())] as const))
  const { STACK_DIR, STACK_PORT_OFFSET } = process.env
  return {
    ...(STACK_DIR ? { STACK_DIR } : {}),
    ...(STACK_PORT_OFFSET ? { STACK_PORT_OFFSET } : {}),
    ...Object.fromEntries(ports),
    INSTALLATION: INSTALLATION!,
    DATA_DIR: tempDir(t),
    DEMO_DATA: 'false',
  }
}

describe('npm run start:distributed', { skip }, () => {
  it('says which port is taken, in a line, and starts nothing', async (t) => {
    const other = createServer().listen(0, '127.0.0.1')
    t.after(() => other.close())
    await new Promise((resolve) => other.once('listening', resolve))
    const port = String((other.address() as AddressInfo).port)
    const program = await spawnProgram(t, { file: FILE, env: { ...(await envOf(t)), FRIEND_SERVICE_PORT: port } })
    assert.deepEqual(await program.exited, { code: 1, signal: null })
    const lines = program.output().trim().split('\n')
    assert.equal(lines.length, 1, program.output())
    assert.match(lines[0]!, new RegExp(`friend-service cannot have port ${port}.*FRIEND_SERVICE_PORT`))
  })

  it('shows what a process said that cannot start, and ends', async (t) => {
    const program = await spawnProgram(t, { file: FILE, env: { ...(await envOf(t)), LOG_LEVEL: 'loud' } })
    assert.deepEqual(await program.exited, { code: 1, signal: null })
    assert.match(program.output(), /ended with code 1: The configuration is wrong:\n\s+LOG_LEVEL is "loud"/)
    assert.doesNotMatch(program.output(), /^\s+at |started again/m)
  })

  it('opens every address it prints, and leaves nothing running', async (t) => {
    const env = await envOf(t)
    t.after(() => removeInstallation(env['INSTALLATION']!))
    const program = await spawnProgram(t, { file: FILE, env, ready: /Stop with Ctrl-C/, readyTimeoutMs: 90_000 })
    const urls = [...program.output().matchAll(/http:\/\/127\.0\.0\.1:\d+\/\S*/g)].map(([url]) => url)
    assert.equal(urls.length, 2 + SERVICE_ROLES.length, program.output())
    for (const url of urls) assert.equal((await call('GET', url)).status, 200, url)

    assert.deepEqual(await program.kill('SIGINT'), { code: 0, signal: null })
    for (const url of urls) assert.equal(await listens(Number(new URL(url).port)), false, url)
    assert.ok(pick(['mariadb', 'redis', 'kafka', 's3']).every(runs), 'it ended servers that it had not begun')
  })

  it('killed with -9 it takes the processes with it', async (t) => {
    const env = await envOf(t)
    t.after(() => removeInstallation(env['INSTALLATION']!))
    const program = await spawnProgram(t, { file: FILE, env, ready: /Stop with Ctrl-C/, readyTimeoutMs: 90_000 })
    const ports = [...program.output().matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port))
    assert.ok(ports.length > 0)
    await program.kill('SIGKILL')
    await eventually(async () => assert.ok(!(await Promise.all(ports.map((port) => listens(port)))).includes(true)), {
      timeoutMs: 10_000,
      everyMs: 100,
    })
  })
})
