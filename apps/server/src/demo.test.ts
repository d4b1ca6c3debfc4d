import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { eventually, freePort, spawnProgram, tempDir } from '@bigtech/testkit'

const file = join(import.meta.dirname, 'demo.ts')

describe('the terminal demo', () => {
  it('ends well by itself, and leaves nothing behind', async (t) => {
    const TMPDIR = tempDir(t)
    const demo = await spawnProgram(t, { file, env: { TMPDIR } })
    const exit = await demo.exited
    assert.equal(exit.code, 0, demo.output())
    assert.match(demo.output(), /✔ 중복 \(doubles\): 0/)
    assert.match(demo.output(), /\[1\] → 읽음/)
    for (const unwanted of ['✖', '\u001b']) assert.ok(!demo.output().includes(unwanted), JSON.stringify(unwanted))
    assert.deepEqual(readdirSync(TMPDIR), [])
  })

  it('cleans up on Ctrl-C', async (t) => {
    const TMPDIR = tempDir(t)
    const demo = await spawnProgram(t, { file, env: { TMPDIR }, ready: /대화/ })
    const [dataDir] = readdirSync(TMPDIR)
    assert.match(dataDir ?? '', /^bigtech-demo-/)
    assert.equal((await demo.kill('SIGINT')).code, 130)
    await eventually(() => assert.deepEqual(readdirSync(TMPDIR), []))
  })

  it('says so when it cannot', async (t) => {
    const demo = await spawnProgram(t, { file, args: ['--url', `http://127.0.0.1:${await freePort()}`] })
    assert.equal((await demo.exited).code, 1)
    assert.match(demo.output(), /The demo failed: /)
    const usage = await spawnProgram(t, { file, args: ['--help'] })
    assert.equal((await usage.exited).code, 0)
    assert.match(usage.output(), /^Usage: npm run demo/)
  })
})
