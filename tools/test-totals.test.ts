import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  add,
  closingLine,
  failuresOf,
  linesOfFailures,
  NONE,
  readTotals,
  skippedLines,
  withoutSummary,
} from './test-totals.ts'

function runFile(t: { after(fn: () => void): void }, source: string) {
  const dir = mkdtempSync(join(tmpdir(), 'totals-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const file = join(dir, 'a.test.mjs')
  writeFileSync(file, `import { test } from 'node:test'\n${source}`)
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined, NO_COLOR: '1' }
  const { stdout, status } = spawnSync(process.execPath, ['--test', '--test-reporter=spec', file], {
    encoding: 'utf8',
    env,
  })
  return { output: stdout, code: status ?? 1 }
}

test('totals are those of a real run', (t) => {
  const { output, code } = runFile(
    t,
    `test('a', () => {}); test('b', () => { throw new Error('no') }); test.skip('c'); test('d', (t) => t.skip('no browser'))`,
  )
  const totals = readTotals(output, code)
  assert.deepEqual(totals, { passed: 1, failed: 1, skipped: 2 })
  assert.equal(closingLine(totals), '1 passed, 1 failed, 2 skipped')
  assert.match(skippedLines(output).join('\n'), /d .*no browser/)
  assert.doesNotMatch(withoutSummary(output), /ℹ (pass|tests)/)
  assert.match(withoutSummary(output), /Error: no/)
  const lines = linesOfFailures(failuresOf(output)).join('\n')
  assert.match(lines, /^✖ b .*\n {2}Error: no\n {2}at .*a\.test\.mjs:2:\d+\)?$/)
})

test('of a failure its difference is told, and no more of a long one than can be read', (t) => {
  const equal = (to: string) =>
    `test('x', () => assert.deepEqual(Array.from({ length: 40 }, (_, i) => ({ i })), ${to}))`
  const { output } = runFile(
    t,
    `import assert from 'node:assert/strict'\ntest('a', () => assert.deepEqual(['told'], ['asked']))\n${equal('[]')}`,
  )
  const lines = linesOfFailures(failuresOf(output))
  assert.match(
    lines.join('\n'),
    /✖ a .*\n.*strictly deep-equal:[^✖]*\+ {3}'told'\n {2}- {3}'asked'[^✖]*a\.test\.mjs:3:/,
  )
  assert.match(lines.join('\n'), /✖ x [^✖]*…\n {2}at /)
  assert.ok(lines.length < 40)
})

test('of a file that was killed the failures seen by then are told, and that it was killed', () => {
  const output = '▶ a\n  ✔ one (1ms)\n  ✖ two (2ms)\n\n✖ not ended after 2 s: a server is still open\n'
  assert.deepEqual(linesOfFailures(failuresOf(output)), [
    '✖ two (2ms)',
    '✖ not ended after 2 s: a server is still open',
  ])
})

test('what a test says of failing tests is not taken for the list of them', (t) => {
  const { output } = runFile(
    t,
    `console.log('✖ failing tests: none')\ntest('a', () => { throw new Error('no ✖ failing tests: here') })\ntest('b', () => { throw new Error('why', { cause: new Error('ENOSPC') }) })`,
  )
  const lines = linesOfFailures(failuresOf(output)).join('\n')
  assert.match(lines, /✖ a .*\n.*no ✖ failing tests: here[^]*✖ b .*\n.*why[^]*\[cause\]: Error: ENOSPC/)
})

test('of many failures all are named before any is told in full', () => {
  const many = Array.from({ length: 20 }, (_, i) => ({ name: `✖ ${i}`, details: Array<string>(10).fill('-') }))
  const lines = linesOfFailures(many, 45)
  assert.equal(lines.filter((line) => line.startsWith('✖')).length, 20)
  assert.equal(lines.length, 40)
  assert.deepEqual(linesOfFailures(many, 2), ['✖ 0', '✖ 1', '… and 18 more'])
})

test('a file that cannot be loaded is a failure', (t) => {
  const { output, code } = runFile(t, `import './missing.mjs'`)
  assert.deepEqual(readTotals(output, code), { passed: 0, failed: 1, skipped: 0 })
  assert.match(linesOfFailures(failuresOf(output)).join('\n'), /a\.test\.mjs/)
  const ended = `node:internal/x:1\n      throw err;\n      ^\n\nAppError: There is no topic a\n    at x (y:1:1)\n`
  assert.deepEqual(linesOfFailures(failuresOf(ended)), ['AppError: There is no topic a'])
})

test('a run without a summary, or that fails without a failed test, is a failure', () => {
  assert.equal(readTotals('killed', 137).failed, 1)
  assert.equal(readTotals('', 0).failed, 1)
  assert.equal(readTotals('ℹ tests 1\nℹ pass 1\nℹ fail 0\n', 1).failed, 1)
})

test('runs are added up', () => {
  const sum = add(add(NONE, { passed: 2, failed: 0, skipped: 0 }), { passed: 3, failed: 0, skipped: 0 })
  assert.equal(closingLine(sum), '5 passed, 0 failed')
})
