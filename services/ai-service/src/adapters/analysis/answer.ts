import { Type, type Static } from 'typebox'
import { SAFETY_LEVELS } from '../../domain/types.ts'
import type { ModelAnswer } from '../../ports.ts'
import { checked } from '../http/checked.ts'
import { parse } from '../http/ask.ts'

const score = (description: string) => Type.Number({ minimum: 0, maximum: 100, description })

/** What a model is asked to fill in. Each field is required and no other allowed, as strict modes want it. */
export const AnswerSchema = Type.Object(
  {
    depression_score: score('0 to 100, more is worse: strength of signs of depression in the text'),
    anxiety_score: score('0 to 100, more is worse: strength of signs of anxiety in the text'),
    cognitive_score: score('0 to 100, more is better: clearness of thought and memory as the text shows it'),
    emotional_state: Type.String({ minLength: 1, maxLength: 40, description: 'a word or two' }),
    key_concerns: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: 8 }),
    recommendations: Type.Array(Type.String({ minLength: 1, maxLength: 300 }), { maxItems: 8 }),
    confidence: Type.Number({ minimum: 0, maximum: 1 }),
    safety: Type.Union(
      SAFETY_LEVELS.map((level) => Type.Literal(level)),
      { description: 'how near a crisis of the life of who speaks the text is' },
    ),
  },
  { additionalProperties: false },
)

/** @throws CareFailure `nonsense` */
export function answerOf(text: string, host: string): ModelAnswer {
  const answer: Static<typeof AnswerSchema> = checked(AnswerSchema, parse(text, host), 'the assessment')
  return {
    scores: { depression: answer.depression_score, anxiety: answer.anxiety_score, cognitive: answer.cognitive_score },
    // That there is nothing to be found in a text does not make anybody healthy.
    emotional_state: /정상|양호|건강|normal|healthy/i.test(answer.emotional_state.trim())
      ? '단서 없음'
      : answer.emotional_state.trim(),
    key_concerns: answer.key_concerns,
    recommendations: answer.recommendations,
    confidence: answer.confidence,
    safety: answer.safety,
  }
}

/** The schema as services read it: without ranges, which some of them refuse; `answerOf` checks those. */
export const JSON_SCHEMA = {
  type: 'object',
  properties: Object.fromEntries(Object.entries(AnswerSchema.properties).map(([name, each]) => [name, plain(each)])),
  required: Object.keys(AnswerSchema.properties),
  additionalProperties: false,
} as const

function plain(schema: object): Readonly<Record<string, unknown>> {
  const { type, description, items, anyOf } = schema as Readonly<Record<string, unknown>>
  const said = typeof description === 'string' ? { description } : {}
  if (Array.isArray(anyOf)) return { type: 'string', enum: SAFETY_LEVELS, ...said }
  return { type, ...(typeof items === 'object' && items ? { items: plain(items) } : {}), ...said }
}

/** As Vertex reads it: OpenAPI 3.0 with types in capitals. */
export const VERTEX_SCHEMA = capitals(JSON_SCHEMA)

function capitals(schema: unknown): unknown {
  if (Array.isArray(schema) || typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name]) => name !== 'additionalProperties')
      .map(([name, value]) => [
        name,
        name === 'type' && typeof value === 'string' ? value.toUpperCase() : capitals(value),
      ]),
  )
}
