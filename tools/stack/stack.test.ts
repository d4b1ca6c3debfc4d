import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { find } from './work.ts'

const PROGRAM = join(import.meta.dirname, '../stack.ts')
/** Ports that nobody of this machine uses. */
const OFFSET = '3000'

/** The program in a folder of its own. */
function open(t: TestContext) {
  const folder = tempDir(t)
  const stack = (words: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, STACK_DIR: folder, STACK_PORT_OFFSET: OFFSET, ...env },
    })
    return { status, stdout, stderr }
  }
  t.after(() => stack(['down']))
  return { folder, stack }
}

const redisIsHere = find('redis-server') ? false : 'no redis-server'

test('half a note of what runs, or none, is no running server', (t) => {
  const { folder, stack } = open(t)
  mkdirSync(join(folder, 'run'))
  for (const text of ['', '{"pi', 'null', '{}']) {
    writeFileSync(join(folder, 'run', 'redis.json'), text)
    const { status, stdout, stderr } = stack(['status'])
    assert.equal(status, 0, stderr)
    assert.match(stdout, /^redis +stopped/m)
  }
})

test('an offset that is none is refused', (t) => {
  const { stack } = open(t)
  for (const offset of ['abc', ' ', '-1', '1.5', '70000']) {
    const { status, stderr } = stack(['status'], { STACK_PORT_OFFSET: offset })
    assert.equal(status, 2)
    assert.match(stderr, /^STACK_PORT_OFFSET is ".*"; expected a number from 0 to 35535$/m)
  }
})

test('a port that another program has is told at once, and is no server of ours', { skip: redisIsHere }, async (t) => {
  const { stack } = open(t)
  const silent = createServer(() => {}).listen(26400 + Number(OFFSET), '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  t.after(() => silent.close())
  const { status, stderr } = stack(['up', 'redis'])
  assert.equal(status, 1)
  assert.match(stderr, /redis cannot have port 29400: another program listens there/)
})

test('a server keeps the offset that it was started with', { skip: redisIsHere }, (t) => {
  const { stack } = open(t)
  assert.equal(stack(['up', 'redis']).status, 0)
  const { status, stderr } = stack(['env'], { STACK_PORT_OFFSET: '3100' })
  assert.equal(status, 1)
  assert.match(stderr, /redis runs with STACK_PORT_OFFSET=3000/)
  assert.match(stack(['env']).stdout, /^REDIS_URL=redis:\/\/127\.0\.0\.1:29400$/m)
  assert.match(stack(['kill', 'redis']).stdout, /redis is gone/)
  assert.match(stack(['kill', 'redis']).stdout, /redis did not run/)
  assert.match(stack(['up', 'redis']).stdout, /ready after/)
  assert.match(stack(['down']).stdout, /redis is stopped/)
})
