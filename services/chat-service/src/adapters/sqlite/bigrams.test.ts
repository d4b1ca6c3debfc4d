import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { ftsQuery, normalise, roomToken, toBigrams } from './bigrams.ts'

it('pairs characters within runs of letters and digits', () => {
  assert.equal(toBigrams('안녕하세요'), '안녕 녕하 하세 세요')
  assert.equal(toBigrams('Hi, 김!'), 'hi 김')
  assert.equal(toBigrams('…'), '')
})

it('treats composed and decomposed Hangul alike', () =>
  assert.equal(toBigrams('한글'.normalize('NFD')), toBigrams('한글')))

it('makes the pairs of every substring of a run a run of its pairs', () => {
  const letters = fc.string({ unit: fc.constantFrom('가', '나', '다', 'a', 'b', '1'), minLength: 2, maxLength: 20 })
  fc.assert(
    fc.property(letters, fc.nat(20), fc.nat(20), (text, a, b) => {
      const part = text.slice(Math.min(a, b), Math.max(a, b))
      if (part.length >= 2) assert.ok(` ${toBigrams(text)} `.includes(` ${toBigrams(part)} `))
    }),
  )
})

it('quotes what it looks for', () =>
  assert.equal(ftsQuery(['김치찌', 'hi'], [3, 12]), 'room : ("room3" OR "room12") AND body : ("김치 치찌" AND "hi")'))

it('no text yields a room token', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (text, id) => assert.ok(!toBigrams(text).split(' ').includes(roomToken(id)))),
  )
  assert.equal(normalise('ÀB'), 'àb')
})
