import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assess } from './assess.ts'
import { CUE_WORDS, PHRASES } from './assess-texts.ts'
import { findings } from './findings.ts'

const assessed = (text: string, language?: 'ko' | 'en') => assess(findings(text), text, language)

test('without a cue nothing is said, least of all that all is well', () => {
  const assessment = assessed('오늘 점심은 된장찌개를 먹었어요.')
  assert.deepEqual(assessment.scores, { depression: 0, anxiety: 0, cognitive: 100 })
  assert.equal(assessment.emotional_state, '단서 없음')
  assert.deepEqual([assessment.key_concerns, assessment.recommendations], [[], []])
  assert.ok(assessment.confidence <= 0.1)
  assert.match(assessment.confidence_basis, /알 수 없다/)
})

test('the formula: 100 × (1 − Π (1 − share × strength))', () => {
  assert.equal(assessed('우울해요').scores.depression, 28)
  assert.equal(assessed('너무 우울해요').scores.depression, 42)
  assert.equal(assessed('우울해요. 그리고 입맛이 없어요.').scores.depression, Math.round(100 * (1 - 0.72 * 0.88)))
  assert.deepEqual(assessed('자꾸 깜빡깜빡해요').scores, { depression: 0, anxiety: 0, cognitive: 72 })
})

test('the example of the source: concerns are nouns, the strongest first', () => {
  const { emotional_state, key_concerns, recommendations } = assessed(
    '요즘 기분이 너무 우울하고 힘들어요. 잠도 잘 안 와요.',
  )
  assert.equal(emotional_state, '우울')
  assert.deepEqual(key_concerns, ['우울감', '수면 장애'])
  assert.ok(recommendations.includes('전문가 상담 권장'))
})

test('a crisis comes first and asks for company, in both languages', () => {
  for (const language of ['ko', 'en'] as const) {
    const { key_concerns, recommendations, scores } = assessed('잠도 안 오고 죽고 싶어요', language)
    assert.equal(key_concerns[0], PHRASES[language].crisisConcern)
    assert.equal(recommendations[0], PHRASES[language].crisisAdvice)
    assert.ok(scores.depression >= 40)
  }
})

test('a mention of the subject is no concern of the person', () => {
  assert.deepEqual(assessed('뉴스에서 자살률이 높다더라').key_concerns, [])
})

test('no medicine, no diagnosis, never 정상, whatever is said', () => {
  const said = Object.values(CUE_WORDS).flatMap((words) => Object.values(words).flatMap((one) => Object.values(one)))
  for (const text of [...said, ...Object.values(PHRASES).flatMap((one) => [one.noCue, one.crisisAdvice])])
    assert.doesNotMatch(text, /정상|약물|복용|약을|우울증|normal|medication|disorder/iu)
})

test('scores and confidence stay in their ranges', () => {
  const parts = fc.constantFrom(
    '너무 우울해. ',
    '매일 불안해. ',
    '죽고 싶어. ',
    '자꾸 깜빡깜빡해. ',
    '잠이 안 와. ',
    '외로워. ',
    '입맛이 없어. ',
    '밥 먹었어. ',
  )
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 20 }), (sentences) => {
      const { scores, confidence } = assessed(sentences.join(''))
      for (const score of Object.values(scores)) assert.ok(Number.isInteger(score) && score >= 0 && score <= 100)
      assert.ok(confidence >= 0 && confidence <= 0.6)
    }),
  )
})
