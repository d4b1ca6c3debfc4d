import { isoTime } from '@bigtech/kernel'
import type { Static } from 'typebox'
import { aiErrors } from '../contract/errors.ts'
import type { RecordingSchema } from '../contract/recording-schemas.ts'
import type { RecordingJob } from '../ports.ts'

type RecordingView = Static<typeof RecordingSchema>

export const viewRecording = (job: RecordingJob, language: 'ko' | 'en'): RecordingView => ({
  id: job.id,
  state: job.state,
  progress: Math.round(job.progress * 100) / 100,
  ahead: job.ahead,
  seconds: Math.round(job.seconds * 100) / 100,
  created_at: isoTime(job.created_at),
  updated_at: isoTime(job.updated_at),
  error: job.error_code === null ? null : { code: job.error_code, title: titleOf(job.error_code, language) },
  entry_id: job.entry_id,
  result: job.result === null ? null : (JSON.parse(job.result) as RecordingView['result']),
})

/** Of the version that reads it: one that another has written may be unknown here. */
const titleOf = (code: string, language: 'ko' | 'en'): string =>
  (Object.values(aiErrors).find((error) => error.code === code) ?? aiErrors.SPEECH_FAILED)().texts[language]
