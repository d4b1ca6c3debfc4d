import { Type, type TSchema } from 'typebox'
import { CUES, ENTRY_KINDS, QUESTIONNAIRE_NAMES, SAFETY_LEVELS } from './kinds.ts'
import {
  AnalysisResponseSchema,
  EvidenceSchema,
  MAX_TEXT,
  MethodSchema,
  Moment,
  SafetySchema,
  Score,
} from './schemas.ts'

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const KeepText = Type.Optional(
  Type.Boolean({ default: false, description: 'whether the words are kept too; else only what was found in them' }),
)
const Mood = Type.Integer({ minimum: 1, maximum: 5, description: '1 bad, 5 good', examples: [3] })

export const TextEntryRequestSchema = Type.Object(
  { text: Type.String({ maxLength: MAX_TEXT, examples: ['요즘 잠이 안 와요.'] }), keep_text: KeepText },
  { $id: 'CareTextRequest' },
)
export const MoodRequestSchema = Type.Object(
  {
    mood: Mood,
    note: Type.Optional(Type.String({ maxLength: MAX_TEXT, examples: ['손주가 다녀갔어요.'] })),
    keep_text: KeepText,
  },
  { $id: 'CareMoodRequest' },
)

export const CueStrengthSchema = Type.Object({
  cue: Type.Enum([...CUES]),
  strength: Type.Integer({ minimum: 1, maximum: 3, description: '1 slight, 2 clear, 3 strong', examples: [2] }),
})

const KeptAnalysisSchema = Type.Object(
  {
    depression_score: Score('strength of cues of depression: more is worse. No diagnosis', 45.5),
    anxiety_score: Score('strength of cues of anxiety: more is worse. No diagnosis', 0),
    cognitive_score: Score('100 less the strength of cues of failing memory and concentration: more is better', 100),
    emotional_state: Type.String({ description: 'of the strongest cue; `단서 없음` without any', examples: ['우울'] }),
    key_concerns: Type.Array(Type.String(), { examples: [['우울감', '수면 장애']] }),
    recommendations: Type.Array(Type.String(), { examples: [['전문가 상담 권장']] }),
    confidence: Type.Number({ minimum: 0, maximum: 1, examples: [0.4] }),
    confidence_basis: Type.String({ examples: ['정해진 표현을 2곳에서 찾은 결과이며, 평가나 진단이 아닙니다.'] }),
    cues: Type.Array(CueStrengthSchema),
    evidence: Type.Union([Type.Array(EvidenceSchema), Type.Null()], {
      description: 'the phrases and their places; null where the words are not kept',
    }),
    method: MethodSchema,
    disclaimer: Type.String({ examples: ['진단이 아닙니다.'] }),
  },
  { $id: 'CareKeptAnalysis' },
)

const Band = {
  band: Type.String({ description: 'as its authors call it', examples: ['moderate'] }),
  band_text: Type.String({ examples: ['중간'] }),
}
const QuestionnaireName = Type.Enum([...QUESTIONNAIRE_NAMES])

const AnsweredSchema = Type.Object(
  {
    name: QuestionnaireName,
    score: Type.Integer({ minimum: 0, examples: [11] }),
    max: Type.Integer({ minimum: 1, examples: [27] }),
    ...Band,
    positive: Type.Boolean({
      description:
        'whether the published cut-off is reached: worth a talk with a professional. A screening, no diagnosis',
    }),
    answers: Type.Array(Type.Integer({ minimum: 0 }), {
      description: 'the choice of each question, in order',
      examples: [[1, 2, 0, 1, 3, 0, 2, 2, 0]],
    }),
  },
  { $id: 'CareAnsweredQuestionnaire' },
)

export const EntrySchema = Type.Object(
  {
    id: Type.Integer({ minimum: 1, examples: [7] }),
    kind: Type.Enum([...ENTRY_KINDS]),
    created_at: Moment,
    expires_at: Moment,
    text: Type.Union([Type.String(), Type.Null()], {
      description: 'only where it was asked to be kept',
      examples: [null],
    }),
    analysis: orNull(KeptAnalysisSchema),
    mood: orNull(Mood),
    questionnaire: orNull(AnsweredSchema),
    safety_level: Type.Enum([...SAFETY_LEVELS]),
  },
  { $id: 'CareEntry' },
)

export const HandedInSchema = Type.Object(
  { entry: EntrySchema, safety: SafetySchema, analysis: orNull(AnalysisResponseSchema) },
  { $id: 'CareHandedIn' },
)

export const QuestionnaireSchema = Type.Object(
  {
    name: QuestionnaireName,
    title: Type.String({ examples: ['기분 살펴보기 (PHQ-9)'] }),
    instructions: Type.String({ examples: ['지난 2주 동안 다음과 같은 문제로 얼마나 자주 힘드셨나요?'] }),
    period: Type.String({ description: 'what the questions ask about', examples: ['지난 2주'] }),
    questions: Type.Array(
      Type.Object({
        id: Type.Integer({ minimum: 1, examples: [1] }),
        text: Type.String({ examples: ['일이나 여가 활동에 흥미나 즐거움을 느끼지 못함'] }),
      }),
    ),
    choices: Type.Array(
      Type.Object({
        value: Type.Integer({ minimum: 0, examples: [0] }),
        text: Type.String({ examples: ['전혀 없음'] }),
      }),
      { description: 'the same for each question' },
    ),
    max: Type.Integer({ minimum: 1, description: 'the highest sum', examples: [27] }),
    bands: Type.Array(
      Type.Object({
        from: Type.Integer({ minimum: 0, description: 'the least sum that is in it', examples: [10] }),
        ...Band,
      }),
      { description: 'of sums, as published, from the lowest' },
    ),
    cut_off: Type.Integer({
      minimum: 0,
      description: 'the sum from which a talk with a professional is worth it: a screening, no diagnosis',
      examples: [10],
    }),
    source: Type.String({ description: 'where text, points and cut-offs come from', examples: ['Kroenke K, …'] }),
  },
  { $id: 'CareQuestionnaire' },
)
export const QuestionnairesSchema = Type.Object(
  { items: Type.Array(QuestionnaireSchema) },
  { $id: 'CareQuestionnaires' },
)

/** Of the longest form. */
const MOST_QUESTIONS = 15

export const AnswersRequestSchema = Type.Object(
  {
    answers: Type.Array(Type.Integer({ minimum: 0, maximum: 3 }), {
      minItems: 1,
      maxItems: MOST_QUESTIONS,
      description: 'the value of the choice of each question, in order',
      examples: [[1, 2, 0, 1, 3, 0, 2, 2, 0]],
    }),
  },
  { $id: 'CareAnswersRequest' },
)
export const AnsweredResponseSchema = Type.Object(
  { entry: EntrySchema, safety: SafetySchema, disclaimer: Type.String({ examples: ['진단이 아닙니다.'] }) },
  { $id: 'CareAnswered' },
)
