import assert from 'node:assert/strict'
import { setImmediate as tick } from 'node:timers/promises'
import { test } from 'node:test'
import { pool, run } from './test-run.ts'

const root = import.meta.dirname
const node = (source: string, limitS?: number) => run(root, [process.execPath, '-e', source], limitS)

test('output and exit code come back', async () => {
  const { output, code } = await node('console.log(1); console.error(2); process.exitCode = 3')
  assert.match(output, /1[\s\S]*2/)
  assert.equal(code, 3)
})

test('a program that does not exist is a failure', async () => {
  const { output, code } = await run(root, ['no-such-program'])
  assert.equal(code, 127)
  assert.match(output, /ENOENT/)
})

test('what hangs is killed with its children, and says so', async () => {
  const source = `const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
    console.log('child', child.pid)`
  const { output, code } = await node(source, 0.5)
  assert.equal(code, 124)
  assert.match(output, /not ended after 0\.5 s/)
  // run() resolved, so nobody holds the output open any more: the child is gone too.
  assert.match(output, /child \d+/)
})

test('the pool keeps the order of results and its limit', async () => {
  let running = 0
  let most = 0
  const results = await pool([5, 1, 3, 2], 2, async (n) => {
    most = Math.max(most, ++running)
    for (let i = 0; i < n; i++) await tick()
    running--
    return n * 10
  })
  assert.deepEqual(results, [50, 10, 30, 20])
  assert.equal(most, 2)
})
