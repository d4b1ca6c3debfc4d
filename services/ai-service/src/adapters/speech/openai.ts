import { Type } from 'typebox'
import type { SpeechToText } from '../../ports.ts'
import { ask, hostOf, twice } from '../http/ask.ts'
import { checked } from '../http/checked.ts'
import { createRemoteSpeech } from './remote.ts'

const TIMEOUT_MS = 60_000

export type OpenAiSpeechOptions = Readonly<{
  /** Up to and with `/v1`, as `http://127.0.0.1:8080/v1`; of whisper.cpp's server: started with `--inference-path /v1/audio/transcriptions`. */
  baseUrl: string
  apiKey?: string
  model: string
  /** Default: 60 s, for each piece of at most 55 s. */
  timeoutMs?: number
  /** Default: 2. */
  atOnce?: number
}>

const Answer = Type.Object({
  text: Type.String({ maxLength: 100_000 }),
  segments: Type.Optional(
    Type.Array(Type.Object({ avg_logprob: Type.Optional(Type.Number()), text: Type.Optional(Type.String()) })),
  ),
})

/** `/audio/transcriptions` as OpenAI has it: whisper.cpp's server, vLLM, speaches, OpenAI itself. */
export function createOpenAiSpeech({
  baseUrl,
  apiKey,
  model,
  timeoutMs = TIMEOUT_MS,
  atOnce = 2,
}: OpenAiSpeechOptions): SpeechToText {
  const url = `${baseUrl.replace(/\/+$/, '')}/audio/transcriptions`
  return createRemoteSpeech({
    name: 'openai',
    leavesTo: hostOf(url),
    atOnce,
    basis: '인식기가 알려 준 단어 확률의 기하 평균입니다.',
    async hear(wav, language, signal) {
      const form = new FormData()
      form.set('file', new Blob([new Uint8Array(wav)], { type: 'audio/wav' }), 'speech.wav')
      form.set('model', model)
      // ISO 639-1: `ko-KR` is refused by some.
      form.set('language', language.split('-')[0]!.toLowerCase())
      form.set('response_format', 'verbose_json')
      // As bytes: a fetch that is ended while it sends a form throws where nobody can catch it (undici of Node 24.21).
      const encoded = new Response(form)
      const body = new Uint8Array(await encoded.arrayBuffer())
      const headers = {
        'content-type': encoded.headers.get('content-type')!,
        ...(apiKey && { authorization: `Bearer ${apiKey}` }),
      }
      const request = () => ask({ url, body, headers, timeoutMs, signal })
      const { text, segments } = await twice(signal, async () => checked(Answer, await request(), 'the transcript'))
      const logs = (segments ?? []).flatMap(({ avg_logprob }) => avg_logprob ?? [])
      const confidence = logs.length === 0 ? null : Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length)
      return { text, confidence: confidence === null ? null : Math.min(1, confidence), alternatives: [] }
    },
  })
}
