import { startFakeUpstream, type FakeUpstream } from './fake-upstream.ts'
import type { Cleanup } from './resources.ts'

/** With the key that it wants, as `Bearer …`. */
export type FakeOpenAi = FakeUpstream & Readonly<{ apiKey: string }>

/**
 * `POST /v1/audio/transcriptions` and `POST /v1/chat/completions` with the shapes of OpenAI's API and of its errors. What it cannot show: how well anything is recognised or
 * assessed, whether a model keeps to a schema or falls for what a text tells it to do, and in what the many servers that call themselves compatible differ from this.
 * @param options.transcript what was said, in each recording
 * @param options.content what the model says of each text, as JSON
 */
export async function startFakeOpenAi(
  t: Cleanup,
  options: Readonly<{ transcript?: string; content?: unknown }> = {},
): Promise<FakeOpenAi> {
  const { transcript = '안녕하세요', content = {} } = options
  const apiKey = 'key-of-the-fake'
  const completion = (message: object, finish_reason: string) => ({
    body: {
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
    },
  })
  const upstream = await startFakeUpstream(t, {
    answer({ path, method, headers, body }) {
      if (headers.authorization !== `Bearer ${apiKey}`) return { status: 401, body: errorBody(401) }
      if (method === 'POST' && path === '/v1/chat/completions') {
        if (!isJson(body)) return { status: 400, body: errorBody(400) }
        return completion({ content: JSON.stringify(content), refusal: null }, 'stop')
      }
      if (method !== 'POST' || path !== '/v1/audio/transcriptions') return { status: 404, body: errorBody(404) }
      const form = body.toString('latin1')
      const isComplete = ['name="file"', 'name="model"', 'RIFF'].every((part) => form.includes(part))
      if (!isComplete || !/name="language"\r\n\r\n[a-z]{2}\r\n/.test(form)) return { status: 400, body: errorBody(400) }
      const segments = [{ id: 0, text: ` ${transcript}`, avg_logprob: -0.2, no_speech_prob: 0.01 }]
      return { body: { task: 'transcribe', language: 'korean', duration: 1.2, text: ` ${transcript}`, segments } }
    },
    refuse: () => completion({ content: null, refusal: "I'm sorry, I can't help with that." }, 'stop'),
    errorBody,
  })
  return { ...upstream, apiKey }
}

const errorBody = (status: number) => ({
  error: { message: `the fake answers ${status}`, type: 'invalid_request_error', param: null, code: null },
})

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'))
    return true
  } catch {
    return false
  }
}
