import assert from 'node:assert/strict'
import { test } from 'node:test'
import { characterErrors } from './index.ts'

const cases: readonly (readonly [said: string, heard: string, errors: number, of: number])[] = [
  ['', '', 0, 0],
  ['안녕하세요', '안녕하세요', 0, 5],
  ['안녕하세요', '안녕, 하세요!\n', 0, 5],
  ['안녕하세요', '안녕하세여', 1, 5],
  ['안녕하세요', '안하세요', 1, 5],
  ['안녕하세요', '아안녕하세요', 1, 5],
  ['안녕하세요', '', 5, 5],
  ['안녕'.normalize('NFD'), '안녕', 0, 2],
  ['PHQ 9', 'phq-9', 0, 4],
  ['아', '가나다', 3, 1],
]
for (const [said, heard, errors, of] of cases)
  test(`"${said}", heard as "${heard}"`, () => {
    assert.deepEqual(characterErrors(said, heard), { errors, of, rate: of === 0 ? 0 : errors / of })
  })

test('what was invented where nothing was said has no end', () => {
  assert.equal(characterErrors('', '감사합니다').rate, Infinity)
})
