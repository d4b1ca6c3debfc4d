import { Type } from 'typebox'
import type { SpeechToText } from '../../ports.ts'
import { ask, hostOf, twice } from '../http/ask.ts'
import { checked } from '../http/checked.ts'
import { createGoogleToken, googleUrl, withToken, type GoogleCredentials } from '../http/google-token.ts'
import { createRemoteSpeech, joined } from './remote.ts'

const TIMEOUT_MS = 60_000
/** The best and two others. */
const READINGS = 3

export type GoogleSpeechOptions = Readonly<{
  credentials: GoogleCredentials
  project: string
  /** Which models a location has differs: `chirp_2` is not everywhere. */
  location: string
  model: string
  /** In the place of Google's own address for the location. */
  baseUrl?: string
  /** Default: 60 s, for each piece of at most 55 s. */
  timeoutMs?: number
  /** Default: 4. */
  atOnce?: number
}>

const Reading = Type.Object({
  transcript: Type.Optional(Type.String({ maxLength: 100_000 })),
  confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
})
/** proto3 in JSON: what is empty or zero is left out. */
const Answer = Type.Object({
  results: Type.Optional(Type.Array(Type.Object({ alternatives: Type.Optional(Type.Array(Reading)) }))),
})

/** Speech-to-Text v2, synchronous. */
export function createGoogleSpeech(options: GoogleSpeechOptions): SpeechToText {
  const { project, location, model, baseUrl, timeoutMs = TIMEOUT_MS, atOnce = 4 } = options
  const base = (baseUrl ?? googleUrl('speech', location)).replace(/\/+$/, '')
  const url = `${base}/v2/projects/${project}/locations/${location}/recognizers/_:recognize`
  const token = createGoogleToken(options.credentials)
  return createRemoteSpeech({
    name: 'google',
    leavesTo: hostOf(url),
    atOnce,
    basis: 'Google이 알려 준 값의 평균입니다.',
    async hear(wav, language, signal) {
      const body = JSON.stringify({
        config: {
          autoDecodingConfig: {},
          languageCodes: [language],
          model,
          features: { enableAutomaticPunctuation: true, maxAlternatives: READINGS },
        },
        content: Buffer.from(wav).toString('base64'),
      })
      const { results = [] } = await twice(signal, () =>
        withToken(token, signal, async (authorization) => {
          const headers = { authorization, 'content-type': 'application/json' }
          return checked(Answer, await ask({ url, headers, body, timeoutMs, signal }), 'the transcript')
        }),
      )
      const readings = results.map(({ alternatives = [] }) => alternatives).filter(([best]) => best?.transcript)
      const reading = (n: number) => joined(readings.map((each) => (each[n] ?? each[0])?.transcript ?? ''))
      // 0 is how chirp says that it does not know.
      const known = readings.flatMap(([best]) => best?.confidence || [])
      return {
        text: reading(0),
        confidence:
          known.length === 0 || known.length < readings.length
            ? null
            : known.reduce((sum, each) => sum + each, 0) / known.length,
        alternatives: Array.from({ length: READINGS - 1 }, (_, i) => reading(i + 1)),
      }
    },
  })
}
