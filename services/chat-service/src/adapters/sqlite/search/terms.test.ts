import assert from 'node:assert/strict'
import { it } from 'node:test'
import { foldText } from '@bigtech/kernel'
import fc from 'fast-check'
import { ftsQuery, toTerms } from './terms.ts'

it('pairs the characters of a word, and knows each by itself', () => {
  assert.deepEqual(toTerms('안녕하세요'), { pairs: '안녕 녕하 하세 세요', singles: '안 녕 하 세 요' })
  assert.deepEqual(toTerms('hi, 김!'), { pairs: 'hi', singles: 'h i 김' })
  assert.deepEqual(toTerms('c++'), { pairs: 'x00063x0002b x0002bx0002b', singles: 'c x0002b' })
  assert.deepEqual(toTerms('…'), { pairs: '', singles: '' })
})

it('makes the pairs of every part of a word a run of its pairs', () => {
  const letters = fc.string({ unit: fc.constantFrom('가', '나', '+', 'a', '😀', '1'), minLength: 2, maxLength: 20 })
  fc.assert(
    fc.property(letters, fc.nat(20), fc.nat(20), (text, a, b) => {
      const part = [...text].slice(Math.min(a, b), Math.max(a, b)).join('')
      if ([...part].length >= 2) assert.ok(` ${toTerms(text).pairs} `.includes(` ${toTerms(part).pairs} `))
    }),
  )
})

it('quotes what it looks for', () =>
  assert.equal(
    ftsQuery(['김치찌', 'h', '+'], [3, 12]),
    'room : ("room3" OR "room12") AND pairs : "김치 치찌" AND singles : "h" AND singles : "x0002b"',
  ))

it('no text yields anything but letters and digits, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { pairs, singles } = toTerms(foldText(text))
      assert.match(`${pairs} ${singles}`, /^[\p{L}\p{N} ]*$/u)
    }),
  )
})
