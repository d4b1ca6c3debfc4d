import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { foldText, searchWords } from './search-text.ts'

it('folds what looks alike', () => {
  for (const text of ['café', 'CAFÉ', 'cafe\u0301', 'ｃａｆｅ', 'ca\u200bfe'])
    assert.equal(foldText(text), 'cafe', text)
  assert.equal(foldText('한글'.normalize('NFD')), '한글')
  assert.equal(foldText('❤️'), '❤')
  assert.equal(foldText('が'), 'が')
  assert.equal(foldText('ㄱㅏ ㅋㅋé'), 'ㄱㅏ ㅋㅋe')
})

it('keeps symbols and emoji as words, and drops what is none', () => {
  assert.deepEqual(searchWords(' C++, C# 김!  김'), ['c++', 'c#', '김'])
  assert.deepEqual(searchWords('👍🏽 100%'), ['👍🏽', '100%'])
  for (const nothing of ['', ' ', '\u3000\n', '\u0000', '\u200b\u2060', '\u3164', '\u2800', '…', '?!'])
    assert.deepEqual(searchWords(nothing), [], JSON.stringify(nothing))
})

it('folds twice as once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => assert.equal(foldText(foldText(text)), foldText(text))),
  )
})
