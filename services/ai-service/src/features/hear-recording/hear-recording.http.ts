import {
  Empty,
  IdParams,
  languageOf,
  operation,
  PageOf,
  PageQuery,
  principalOf,
  readCursor,
  type App,
} from '@bigtech/http'
import { toPage } from '@bigtech/kernel'
import { currentTraceparent } from '@bigtech/telemetry'
import { endOf } from '../../access/end-of-request.http.ts'
import { readRecording, recordingLimit, sizeOf } from '../../access/recording.http.ts'
import { aiErrors } from '../../contract/errors.ts'
import { RecordingSchema } from '../../contract/recording-schemas.ts'
import type { Decoder } from '../../ports.ts'
import { viewRecording } from '../../views/recording.ts'
import { needConsent } from '../give-consent/give-consent.ts'
import { hearingErrors } from '../transcribe-audio/transcribe-audio.http.ts'
import type { HearPorts, Jobs } from './hear-recording.ts'

/** Whose answer was lost on the way may ask again. */
const FETCHED_MS = 60_000

export function hearRecordingHttp(app: App, ports: HearPorts & Readonly<{ jobs: Jobs; decoder: Decoder }>): void {
  const { recordings, jobs, listener, decoder, clock } = ports

  async function viewOf(userId: number, id: number, language: 'ko' | 'en') {
    const now = clock.now()
    const job = await recordings.one({ user_id: userId, id, now, fetched_until: now + FETCHED_MS })
    if (!job) throw aiErrors.RECORDING_NOT_FOUND()
    return viewRecording(job, language)
  }

  app.post(
    '/care/recordings',
    {
      ...operation({
        id: 'sendRecording',
        tag: 'care',
        idempotent: false,
        summary:
          'Hand a recording in (multipart field "file"; user_id, language_code and keep_text may be beside it): it is listened to while you do something else',
        description:
          'The sound is in memory only, and is gone when it was listened to. Keep yours until the recording is `done`: one that a server was listening to when it stopped is `failed` as RECORDING_INTERRUPTED.',
        consumes: ['multipart/form-data'],
        response: { 202: RecordingSchema },
        errors: [...hearingErrors, aiErrors.CONSENT_REQUIRED],
      }),
      ...recordingLimit(decoder),
    },
    async (request, reply) => {
      const { user_id } = principalOf(request)
      await needConsent(ports, user_id, 'analysis')
      const language = languageOf(request.headers['accept-language'])
      const admitted = await listener.admit({
        size: sizeOf(request, decoder),
        who: user_id,
        signal: endOf(reply),
        read: () => readRecording(request, decoder),
      })
      const id = await jobs
        .start({ user_id, admitted, answer: language, traceparent: currentTraceparent() })
        .catch((error: unknown) => {
          admitted.leave()
          throw error
        })
      return reply
        .code(202)
        .header('location', `/care/recordings/${id}`)
        .send(await viewOf(user_id, id, language))
    },
  )
  app.get(
    '/care/recordings',
    operation({
      id: 'listRecordings',
      tag: 'care',
      summary: 'Your recordings of the last day, the newest first',
      querystring: PageQuery,
      response: { 200: PageOf(RecordingSchema) },
    }),
    async (request) => {
      const { cursor, limit } = request.query
      const [before] = readCursor(cursor, ['number']) ?? []
      const { user_id } = principalOf(request)
      const rows = await recordings.list({ user_id, before, limit: limit + 1, now: clock.now() })
      const page = toPage(rows, limit, ({ id }) => [id])
      const language = languageOf(request.headers['accept-language'])
      return { ...page, items: page.items.map((job) => viewRecording(job, language)) }
    },
  )
  app.get(
    '/care/recordings/:id',
    operation({
      id: 'getRecording',
      tag: 'care',
      summary: 'How far one is, and once it is done what it says',
      params: IdParams,
      response: { 200: RecordingSchema },
      errors: [aiErrors.RECORDING_NOT_FOUND],
    }),
    (request) =>
      viewOf(principalOf(request).user_id, request.params.id, languageOf(request.headers['accept-language'])),
  )
  app.delete(
    '/care/recordings/:id',
    operation({
      id: 'cancelRecording',
      tag: 'care',
      summary: 'Cancel one, or forget one that has ended; the entry of one that is done stays',
      params: IdParams,
      response: { 204: Empty },
      errors: [aiErrors.RECORDING_NOT_FOUND],
    }),
    async (request, reply) => {
      const { id } = request.params
      const found = await recordings.cancel({ user_id: principalOf(request).user_id, id, now: clock.now() })
      if (!found) throw aiErrors.RECORDING_NOT_FOUND()
      jobs.over(id)
      return reply.code(204).send(null)
    },
  )
}
