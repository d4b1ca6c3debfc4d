import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { tempDir } from '@bigtech/testkit'

const run = promisify(execFile)
type Ended = Readonly<{ code: number; stdout: string; stderr: string }>

async function evaluate(...args: readonly string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(process.execPath, [join(import.meta.dirname, 'evaluate.ts'), ...args])
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as Ended
  }
}

function file(t: TestContext, ...lines: readonly unknown[]): string {
  const path = join(tempDir(t), 'set.jsonl')
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  return path
}

test('counts, and prints each miss and each false alarm with its line', async (t) => {
  const path = file(
    t,
    { text: '잠이 안 와요', labels: ['sleep'] },
    '',
    { text: '비가 와요', labels: ['pain'] },
    { text: '우울해요', labels: ['happy'] },
    { text: '죽고 싶어요', labels: ['crisis'], id: 4 },
    { text: '약을 모아 놨어', labels: ['reported'] },
    { text: '젊었을 때는 죽고 싶었지', labels: ['past_crisis'] },
  )
  const { code, stdout } = await evaluate(path)
  assert.equal(code, 0)
  assert.match(stdout, /: 6 sentences, 3 with everything right/)
  assert.match(stdout, /^sleep +1 +1 +0 +0 +1\.00 +1\.00$/m)
  assert.match(stdout, /^all cues +2 +1 +1 +1 +0\.50 +0\.50$/m)
  assert.match(stdout, /^crisis +1 +1 +0 +1 +0\.50 +1\.00$/m)
  assert.match(stdout, /^past_crisis +1 +1 +0 +0 +1\.00 +1\.00$/m)
  assert.match(stdout, /^missed pain, line 3: 비가 와요/m)
  assert.match(stdout, /^false alarm low_mood, line 4: 우울해요 .*low_mood "우울해요"/m)
  assert.match(stdout, /^false alarm crisis, line 6: 약을 모아 놨어 \(safety immediate/m)
})

test('bad lines are named with their numbers and nothing is counted', async (t) => {
  const path = file(
    t,
    '{"text": ',
    { text: '네', labels: ['sleepy'] },
    { text: '', labels: [] },
    { text: '네' },
    'null',
  )
  const { code, stdout, stderr } = await evaluate(path)
  assert.equal(code, 2)
  assert.equal(stdout, '')
  assert.match(stderr, /set\.jsonl:1: is not JSON/)
  assert.match(stderr, /set\.jsonl:2: no such label: "sleepy"/)
  assert.match(stderr, /set\.jsonl:3: "text" has to be/)
  assert.match(stderr, /set\.jsonl:4: "labels" has to be a list/)
  assert.match(stderr, /set\.jsonl:5: "text" has to be/)
})

test('says how it is used, and refuses what it cannot read', async (t) => {
  const help = await evaluate('--help')
  assert.equal(help.code, 0)
  assert.match(help.stdout, /npm run care:evaluate -- FILE\.jsonl/)
  assert.equal((await evaluate()).code, 2)
  const missing = await evaluate(join(tempDir(t), 'none.jsonl'))
  assert.equal(missing.code, 2)
  assert.match(missing.stderr, /none\.jsonl: cannot be read \(ENOENT\)/)
  const empty = await evaluate(file(t, ''))
  assert.equal(empty.code, 2)
  assert.match(empty.stderr, /holds no sentence/)
})
