import assert from 'node:assert/strict'
import { test } from 'node:test'
import { summarise, type Point } from './trend.ts'
import type { CueStrength, Scores } from './types.ts'

const PERIODS = [
  { start: 0, end: 10 },
  { start: 10, end: 20 },
]
const point = (created_at: number, changes: Partial<Point> = {}): Point => ({
  created_at,
  safety: 'none',
  mood: null,
  analysis: null,
  questionnaire: null,
  ...changes,
})
const found = (cues: readonly CueStrength[], scores: Partial<Scores> = {}) => ({
  analysis: { cues, scores: { depression: 0, anxiety: 0, cognitive: 100, ...scores } },
})

test('a period in which nothing was handed in is there, and says nothing: not that all was well', () => {
  const empty = { entries: 0, mood: null, cues: [], questionnaires: [], safety: 'none' } as const
  const scores = { depression: null, anxiety: null, cognitive: null }
  assert.deepEqual(
    summarise([], PERIODS),
    PERIODS.map((period) => ({ ...period, ...empty, scores })),
  )
})

test('an entry is of the period that it came in: its beginning counts, its end does not', () => {
  const counts = summarise([point(0), point(9), point(10), point(19), point(20)], PERIODS).map(({ entries }) => entries)
  assert.deepEqual(counts, [2, 2])
})

test('moods and scores are means of those that have one, cues are counted with their strongest', () => {
  const [first] = summarise(
    [
      point(1, { mood: 2 }),
      point(2, { mood: 3 }),
      point(3, { mood: 3, ...found([{ cue: 'sleep', strength: 1 }], { depression: 10 }) }),
      point(4, found([{ cue: 'sleep', strength: 3 }, { cue: 'anxiety', strength: 2 }], { depression: 25.1, anxiety: 40 })), // prettier-ignore
    ],
    PERIODS,
  )
  assert.deepEqual(first!.mood, { mean: 2.67, count: 3 })
  assert.deepEqual(first!.scores, { depression: 17.6, anxiety: 20, cognitive: 100 })
  assert.deepEqual(first!.cues, [
    { cue: 'sleep', entries: 2, strongest: 3 },
    { cue: 'anxiety', entries: 1, strongest: 2 },
  ])
})

test('the most serious level is told, and questionnaires in the order they came, without their answers', () => {
  const questionnaire = { name: 'PHQ-9', score: 3, max: 27, band: 'minimal', answers: [1, 2], positive: false } as const
  const [first] = summarise(
    [
      point(5, { safety: 'mention', questionnaire: { ...questionnaire, score: 9, band: 'mild' } }),
      point(2, { safety: 'concern', questionnaire }),
      point(3, { safety: 'past' }),
    ],
    PERIODS,
  )
  assert.equal(first!.safety, 'concern')
  assert.deepEqual(first!.questionnaires, [
    { name: 'PHQ-9', score: 3, max: 27, band: 'minimal', at: 2 },
    { name: 'PHQ-9', score: 9, max: 27, band: 'mild', at: 5 },
  ])
})
