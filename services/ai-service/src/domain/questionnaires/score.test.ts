import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnswersError, QUESTIONNAIRES, scoreQuestionnaire } from './score.ts'

const all = (answer: number, questions: number): number[] => Array.from({ length: questions }, () => answer)
const problemOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof AnswersError)
    return error.problem
  }
  return undefined
}

test('sums fall into the published bands', () => {
  const cases: (readonly [id: string, sum: number, band: string, positive: boolean])[] = [
    ['PHQ-9', 0, 'minimal', false],
    ['PHQ-9', 4, 'minimal', false],
    ['PHQ-9', 5, 'mild', false],
    ['PHQ-9', 9, 'mild', false],
    ['PHQ-9', 10, 'moderate', true],
    ['PHQ-9', 15, 'moderately_severe', true],
    ['PHQ-9', 20, 'severe', true],
    ['PHQ-9', 27, 'severe', true],
    ['GAD-7', 4, 'minimal', false],
    ['GAD-7', 5, 'mild', false],
    ['GAD-7', 10, 'moderate', true],
    ['GAD-7', 15, 'severe', true],
    ['GAD-7', 21, 'severe', true],
  ]
  for (const [id, sum, band, positive] of cases) {
    const { questions } = QUESTIONNAIRES.find((one) => one.id === id)!
    let left = sum
    const answers = questions.map(() => {
      const answer = Math.min(3, left)
      left -= answer
      return answer
    })
    const score = scoreQuestionnaire(id, answers)
    assert.deepEqual([score.sum, score.band.id, score.positive], [sum, band, positive], `${id} ${sum}`)
    assert.equal(score.of, 3 * questions.length)
  }
})

test('GDS-SF: five questions are reversed', () => {
  assert.equal(scoreQuestionnaire('GDS-SF', all(1, 15)).sum, 10)
  assert.equal(scoreQuestionnaire('GDS-SF', all(0, 15)).sum, 5)
  const well = [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0]
  assert.equal(scoreQuestionnaire('GDS-SF', well).sum, 0)
  const worst = well.map((answer) => 1 - answer)
  const score = scoreQuestionnaire('GDS-SF', worst)
  assert.deepEqual([score.sum, score.of, score.band.id, score.positive], [15, 15, 'strong', true])
})

test('any thought of question 9 of PHQ-9 raises safety, whatever the sum', () => {
  assert.equal(scoreQuestionnaire('PHQ-9', [...all(0, 8), 1]).safety, 'concern')
  assert.equal(scoreQuestionnaire('PHQ-9', [...all(3, 8), 0]).safety, 'none')
  assert.equal(scoreQuestionnaire('GAD-7', all(3, 7)).safety, 'none')
})

test('answers that cannot be counted are refused and say which', () => {
  assert.deepEqual(
    problemOf(() => scoreQuestionnaire('MMSE', [])),
    { reason: 'unknown_questionnaire' },
  )
  assert.deepEqual(
    problemOf(() => scoreQuestionnaire('PHQ-9', all(0, 8))),
    { reason: 'wrong_number', expected: 9, given: 8 },
  )
  assert.deepEqual(
    problemOf(() => scoreQuestionnaire('GAD-7', [0, 0, null, 0, 0, 0, 0])),
    { reason: 'missing', question: 3 },
  )
  for (const wrong of [4, -1, 1.5, Number.NaN])
    assert.deepEqual(
      problemOf(() => scoreQuestionnaire('GAD-7', [0, wrong, 0, 0, 0, 0, 0])),
      { reason: 'out_of_range', question: 2, from: 0, to: 3 },
    )
  assert.throws(() => scoreQuestionnaire('GDS-SF', all(2, 15)), /question 1 is no whole number from 0 to 1/)
})

test('each form is whole, in both languages, and names its source', () => {
  assert.deepEqual(
    QUESTIONNAIRES.map(({ id, questions }) => [id, questions.length]),
    [
      ['PHQ-9', 9],
      ['GAD-7', 7],
      ['GDS-SF', 15],
    ],
  )
  for (const { questions, options, bands, title, instruction, source } of QUESTIONNAIRES) {
    for (const { ko, en } of [
      title,
      instruction,
      ...questions.map(({ text }) => text),
      ...options,
      ...bands.map(({ label }) => label),
    ])
      assert.ok(/[가-힣]/.test(ko) && /[a-z]/i.test(en) && !/[가-힣]/.test(en))
    assert.equal(bands[0]!.from, 0)
    assert.match(source, /\d{4}/)
  }
})
