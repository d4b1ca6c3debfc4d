import { Type } from 'typebox'
import { CONSENT_KINDS, CUES, SAFETY_LEVELS } from './kinds.ts'

/** More than half an hour of speech. */
export const MAX_TEXT = 20_000
export const LANGUAGE = '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'

export const AnalysisRequestSchema = Type.Object(
  {
    text: Type.String({ maxLength: MAX_TEXT, examples: ['요즘 기분이 우울하고 힘들어요. 잠도 잘 안 와요.'] }),
    user_id: Type.Optional(
      Type.String({
        maxLength: 64,
        default: 'anonymous',
        description: 'of who is signed in; of a program on the same machine any, which is not kept',
        examples: ['anonymous'],
      }),
    ),
    session_id: Type.Optional(
      Type.String({ maxLength: 64, description: 'taken, and not kept', examples: ['session456'] }),
    ),
  },
  { $id: 'AnalysisRequest' },
)

export const Score = (description: string, example: number) =>
  Type.Number({ minimum: 0, maximum: 100, description, examples: [example] })

export const ContactSchema = Type.Object({
  number: Type.String({ examples: ['109'] }),
  name: Type.String({ examples: ['자살예방 상담전화 (24시간)'] }),
})

export const SafetySchema = Type.Object({
  level: Type.Enum([...SAFETY_LEVELS], {
    description:
      'how near a crisis the words are: `mention` of the subject, one’s own `past`, `concern`: wishing not to be, `immediate`: intent, means or a plan. `none` says that no phrase was found, not that all is well',
  }),
  message: Type.Union([Type.String(), Type.Null()], { description: 'to be shown at once; null when there is none' }),
  contacts: Type.Array(ContactSchema, { description: 'to be shown whatever the level is' }),
})

export const EvidenceSchema = Type.Object({
  cue: Type.Enum([...CUES, 'crisis']),
  phrase: Type.String({ examples: ['우울하고'] }),
  start: Type.Integer({ minimum: 0, description: 'in UTF-16 code units of the text', examples: [6] }),
  end: Type.Integer({ minimum: 0, description: 'not included', examples: [10] }),
  strength: Type.Integer({ minimum: 1, maximum: 3, description: '1 slight, 2 clear, 3 strong', examples: [2] }),
  items: Type.Array(Type.String(), {
    description: 'items of questionnaires that ask for it',
    examples: [['PHQ-9:2', 'GDS-SF:1']],
  }),
})

export const MethodSchema = Type.Object({
  name: Type.Enum(['rules', 'openai', 'vertex']),
  version: Type.String({ examples: ['rules 1'] }),
  fallback: Type.Union([Type.String(), Type.Null()], {
    description: 'why a model that was to be asked gave no answer; null if none was to be, or it did',
  }),
})

export const AnalysisResponseSchema = Type.Object(
  {
    depression_score: Score('strength of cues of depression: more is worse. No diagnosis', 45.5),
    anxiety_score: Score('strength of cues of anxiety: more is worse. No diagnosis', 0),
    cognitive_score: Score('100 less the strength of cues of failing memory and concentration: more is better', 100),
    emotional_state: Type.String({ description: 'of the strongest cue; `단서 없음` without any', examples: ['우울'] }),
    key_concerns: Type.Array(Type.String(), { examples: [['우울감', '수면 장애']] }),
    recommendations: Type.Array(Type.String(), { examples: [['전문가 상담 권장']] }),
    confidence: Type.Number({ minimum: 0, maximum: 1, examples: [0.4] }),
    confidence_basis: Type.String({ examples: ['단서 2개; 문장을 찾아낸 것이며 평가가 아닙니다'] }),
    timestamp: Type.String({ format: 'date-time', examples: ['2026-11-28T12:00:00.000Z'] }),
    safety: SafetySchema,
    evidence: Type.Array(EvidenceSchema),
    method: MethodSchema,
    disclaimer: Type.String({
      examples: ['진단이 아닙니다. 말 속의 표현을 찾은 것이며, 걱정되면 전문가와 상담하세요.'],
    }),
    transcript: Type.Optional(Type.String({ description: 'of a recording' })),
  },
  { $id: 'AnalysisResponse' },
)

export const TranscriptionSchema = Type.Object(
  {
    transcript: Type.String({
      description: 'empty when nobody speaks',
      examples: ['안녕하세요. 오늘 기분이 좋지 않아요.'],
    }),
    confidence: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
      description: 'null where the recogniser tells none',
      examples: [null],
    }),
    confidence_basis: Type.String({ examples: ['이 인식기는 신뢰도를 알려 주지 않습니다'] }),
    language_code: Type.String({ examples: ['ko-KR'] }),
    audio_duration: Type.Number({ description: 'seconds', examples: [3.5] }),
  },
  { $id: 'TranscriptionResponse' },
)

export const AudioFormatsSchema = Type.Object(
  {
    formats: Type.Array(Type.String(), { examples: [['.wav', '.mp3', '.m4a', '.flac', '.ogg', '.webm']] }),
    max_file_size: Type.String({ examples: ['10MB'] }),
    recommended_format: Type.String({ examples: ['.wav (최고 품질)'] }),
    max_duration_s: Type.Integer({ examples: [600] }),
  },
  { $id: 'AudioFormats' },
)

export const Moment = Type.String({ format: 'date-time', examples: ['2026-11-28T12:00:00.000Z'] })

export const ConsentSchema = Type.Object(
  {
    kind: Type.Enum([...CONSENT_KINDS]),
    subject: Type.String({
      description:
        'of `cloud` the host it leaves to; of `guardian` and `crisis_notice` the id of the guardian; else empty',
      examples: [''],
    }),
    title: Type.String({ examples: ['내가 건넨 말에서 마음 상태의 표현 찾기'] }),
    text: Type.String({
      description: 'what is agreed to, in plain words',
      examples: ['내가 직접 건넨 글이나 녹음에서만 …'],
    }),
    version: Type.Integer({ minimum: 1, description: 'of the words', examples: [1] }),
    given_at: Type.Union([Moment, Type.Null()], { description: 'null: not agreed to, or to older words only' }),
    needs_renewal: Type.Boolean({
      description:
        'agreed to in older words, and not taken back: it counts no more. Ask again, or let them take it back',
      examples: [false],
    }),
    history: Type.Array(
      Type.Object({
        version: Type.Integer({ minimum: 1, examples: [1] }),
        given_at: Moment,
        withdrawn_at: Type.Union([Moment, Type.Null()]),
      }),
      { description: 'the newest 20, the newest first' },
    ),
  },
  { $id: 'CareConsent' },
)
export const ConsentsSchema = Type.Object({ items: Type.Array(ConsentSchema) }, { $id: 'CareConsents' })

export const ContactsSchema = Type.Object({ items: Type.Array(ContactSchema) }, { $id: 'CareContacts' })
