import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AppError } from '@bigtech/kernel'
import { readRange } from './files.http.ts'
import { safeName } from './files.ts'

describe('safeName', () => {
  const table: [string, string][] = [
    ['사진.png', '사진.png'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\a.txt', 'a.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['a\u0000b\nc.txt', 'abc.txt'],
    ['gpj.\u202eexe', 'gpj.exe'],
    [`${'가'.repeat(300)}.png`, `${'가'.repeat(83)}.png`],
    [`${'👨‍👩‍👧'.repeat(40)}.tar.gz`, `${'👨‍👩‍👧'.repeat(14)}.gz`],
    ['가'.repeat(300), '가'.repeat(85)],
    [`a.${'b'.repeat(300)}`, `a.${'b'.repeat(148)}`],
    [`${'x'.repeat(251)}.png`, `${'x'.repeat(146)}.png`],
    [`${'x'.repeat(146)}.png`, `${'x'.repeat(146)}.png`],
  ]
  for (const [given, expected] of table)
    it(JSON.stringify(given.slice(0, 30)), () => assert.equal(safeName(given), expected))

  it('of nothing to be seen is a name all the same, with an extension', () => {
    const unseen = ['\u200b', '\u200b\u200b', '\u3164', '\u00a0\u2060', '.\u200b', '.\u200b.', ' ']
    for (const name of unseen) assert.equal(safeName(name, '.png'), 'file.png', JSON.stringify(name))
    for (const stem of ['\u200b', '\u3164\u200d', '\u2800']) assert.equal(safeName(`${stem}.pdf`, '.png'), 'file.pdf')
    for (const name of ['.gitignore', '👨‍👩‍👧.png', 'a\u200b.png']) assert.equal(safeName(name, '.txt'), name)
  })
})

describe('readRange', () => {
  const table: [string | undefined, { start: number; end: number } | undefined][] = [
    [undefined, undefined],
    ['bytes=0-99', { start: 0, end: 99 }],
    ['bytes=10-', { start: 10, end: 99 }],
    ['bytes=-30', { start: 70, end: 99 }],
    ['bytes=-300', { start: 0, end: 99 }],
    ['bytes=-', undefined],
    ['items=0-1', undefined],
    ['bytes=0-1,5-6', undefined],
    ['bytes=5-2', undefined],
    ['bytes=0-500', { start: 0, end: 99 }],
  ]
  for (const [header, expected] of table) it(String(header), () => assert.deepEqual(readRange(header, 100), expected))
  for (const header of ['bytes=100-', 'bytes=100-200'])
    it(`${header} is refused`, () =>
      assert.throws(
        () => readRange(header, 100),
        (error) => error instanceof AppError && error.code === 'RANGE_NOT_SATISFIABLE',
      ))
})
