import { Type } from 'typebox'
import { CareFailure, type TextModel } from '../../ports.ts'
import { ask, hostOf, twice } from '../http/ask.ts'
import { checked } from '../http/checked.ts'
import { createGoogleToken, googleUrl, withToken, type GoogleCredentials } from '../http/google-token.ts'
import { answerOf, VERTEX_SCHEMA } from './answer.ts'
import { promptFor } from './prompt.ts'

const TIMEOUT_MS = 30_000
/** Models that think do so within it too. */
const MAX_TOKENS = 4_096
/** Ends that a filter brought about; talk of suicide is what they are for. */
const BLOCKED: readonly (string | undefined)[] = ['SAFETY', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII', 'RECITATION']

export type VertexModelOptions = Readonly<{
  credentials: GoogleCredentials
  project: string
  /** Apart from the location of speech: not every region has every model. */
  location: string
  model: string
  /** In the place of Google's own address for the location. */
  baseUrl?: string
  /** Of one try. Default: 30 s. */
  timeoutMs?: number
}>

const Part = Type.Object({ text: Type.Optional(Type.String()), thought: Type.Optional(Type.Boolean()) })
const Answer = Type.Object({
  promptFeedback: Type.Optional(Type.Object({ blockReason: Type.Optional(Type.String()) })),
  candidates: Type.Optional(
    Type.Array(
      Type.Object({
        finishReason: Type.Optional(Type.String()),
        content: Type.Optional(Type.Object({ parts: Type.Optional(Type.Array(Part)) })),
      }),
    ),
  ),
})

/** Gemini on Vertex AI, `generateContent`. */
export function createVertexModel(options: VertexModelOptions): TextModel {
  const { project, location, model, baseUrl, timeoutMs = TIMEOUT_MS } = options
  const base = (baseUrl ?? googleUrl('aiplatform', location)).replace(/\/+$/, '')
  const url = `${base}/v1/projects/${project}/locations/${location}/publishers/google/models/${model}:generateContent`
  const { host } = new URL(url)
  const token = createGoogleToken(options.credentials)
  return {
    name: 'vertex',
    model,
    leavesTo: hostOf(url),
    assess(text, { language, signal }) {
      const { system, user } = promptFor(text, language)
      const body = JSON.stringify({
        systemInstruction: { parts: [{ text: system }] },
        contents: [{ role: 'user', parts: [{ text: user }] }],
        generationConfig: {
          temperature: 0,
          maxOutputTokens: MAX_TOKENS,
          responseMimeType: 'application/json',
          responseSchema: VERTEX_SCHEMA,
        },
      })
      return twice(signal, () =>
        withToken(token, signal, async (authorization) => {
          const headers = { authorization, 'content-type': 'application/json' }
          const answer = checked(Answer, await ask({ url, headers, body, timeoutMs, signal }), 'the answer')
          const [candidate] = answer.candidates ?? []
          if (answer.promptFeedback?.blockReason || BLOCKED.includes(candidate?.finishReason))
            throw new CareFailure('refused', `${host} refused the text`)
          const parts = candidate?.content?.parts ?? []
          return answerOf(
            parts
              .filter(({ thought }) => !thought)
              .map((part) => part.text ?? '')
              .join(''),
            host,
          )
        }),
      )
    },
  }
}
