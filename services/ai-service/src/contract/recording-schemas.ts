import { Type } from 'typebox'
import { RECORDING_STATES } from './kinds.ts'
import { AnalysisResponseSchema, Moment } from './schemas.ts'

export const RecordingSchema = Type.Object(
  {
    id: Type.Integer({ minimum: 1, examples: [7] }),
    state: Type.Enum([...RECORDING_STATES], { description: 'the last three are ends: it changes no more' }),
    progress: Type.Number({ minimum: 0, maximum: 1, examples: [0.4] }),
    ahead: Type.Integer({ minimum: 0, description: 'recordings before it, while it waits', examples: [2] }),
    seconds: Type.Number({ minimum: 0, description: 'of sound', examples: [42.5] }),
    created_at: Moment,
    updated_at: Moment,
    error: Type.Union(
      [
        Type.Object({
          code: Type.String({ examples: ['RECORDING_INTERRUPTED'] }),
          title: Type.String({ examples: ['서버가 멈추어 녹음을 끝까지 듣지 못했습니다. 다시 보내 주세요'] }),
        }),
        Type.Null(),
      ],
      { description: 'why it failed' },
    ),
    entry_id: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      description: 'what is kept of it, once it is done',
      examples: [null],
    }),
    result: Type.Union([AnalysisResponseSchema, Type.Null()], {
      description:
        'the analysis with the transcript, once it is done: for an hour, and for a minute after it was first fetched. In lists null',
    }),
  },
  { $id: 'CareRecording' },
)
