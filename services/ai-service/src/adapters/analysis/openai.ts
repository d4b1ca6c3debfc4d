import { Type } from 'typebox'
import { CareFailure, type TextModel } from '../../ports.ts'
import { ask, hostOf, twice } from '../http/ask.ts'
import { checked } from '../http/checked.ts'
import { answerOf, JSON_SCHEMA } from './answer.ts'
import { promptFor } from './prompt.ts'

const TIMEOUT_MS = 30_000
const MAX_TOKENS = 1_500

export type OpenAiModelOptions = Readonly<{
  /** Up to and with `/v1`, as `http://127.0.0.1:11434/v1` of Ollama. */
  baseUrl: string
  apiKey?: string
  model: string
  /** Of one try. Default: 30 s. */
  timeoutMs?: number
}>

const Answer = Type.Object({
  choices: Type.Array(
    Type.Object({
      finish_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      message: Type.Object({
        content: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        refusal: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      }),
    }),
    { minItems: 1 },
  ),
})

/** `/chat/completions` as OpenAI has it: Ollama, vLLM, llama.cpp, OpenAI itself. */
export function createOpenAiModel({ baseUrl, apiKey, model, timeoutMs = TIMEOUT_MS }: OpenAiModelOptions): TextModel {
  const url = `${baseUrl.replace(/\/+$/, '')}/chat/completions`
  const { host } = new URL(url)
  const headers = { 'content-type': 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) }
  return {
    name: 'openai',
    model,
    leavesTo: hostOf(url),
    assess(text, { language, signal }) {
      const { system, user } = promptFor(text, language)
      const body = JSON.stringify({
        model,
        temperature: 0,
        max_tokens: MAX_TOKENS,
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
        ],
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'assessment', strict: true, schema: JSON_SCHEMA },
        },
      })
      return twice(signal, async () => {
        const answer = checked(Answer, await ask({ url, headers, body, timeoutMs, signal }), 'the completion')
        const { finish_reason, message } = answer.choices[0]!
        if (message.refusal || finish_reason === 'content_filter')
          throw new CareFailure('refused', `${host} refused the text`)
        return answerOf(message.content ?? '', host)
      })
    },
  }
}
