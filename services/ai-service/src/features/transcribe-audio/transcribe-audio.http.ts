import { operation, type App } from '@bigtech/http'
import { endOf } from '../../access/end-of-request.http.ts'
import { readRecording, recordingErrors, recordingLimit, sizeOf } from '../../access/recording.http.ts'
import { aiErrors } from '../../contract/errors.ts'
import { TranscriptionSchema } from '../../contract/schemas.ts'
import type { Decoder } from '../../ports.ts'
import type { Listener } from './transcribe-audio.ts'

export const hearingErrors = [
  ...recordingErrors,
  aiErrors.AUDIO_TOO_LONG,
  aiErrors.LANGUAGE_UNKNOWN,
  aiErrors.NO_SPEECH_MODEL,
  aiErrors.SPEECH_OFF,
  aiErrors.SPEECH_BUSY,
  aiErrors.SPEECH_FAILED,
  aiErrors.RECORDING_INTERRUPTED,
] as const

export function transcribeAudioHttp(app: App, ports: Readonly<{ decoder: Decoder; listener: Listener }>): void {
  app.post(
    '/transcribe',
    {
      ...operation({
        id: 'transcribeAudio',
        tag: 'care',
        access: 'local',
        idempotent: false,
        summary:
          'What a recording says (multipart field "file"; user_id and language_code, default ko-KR, may be beside it)',
        description: 'The recording is not kept. One in which nobody speaks has an empty transcript.',
        consumes: ['multipart/form-data'],
        response: { 200: TranscriptionSchema },
        errors: hearingErrors,
      }),
      ...recordingLimit(ports.decoder),
    },
    async (request, reply) => {
      const { transcript, seconds } = await ports.listener.hear({
        size: sizeOf(request, ports.decoder),
        who: request.principal?.user_id,
        signal: endOf(reply),
        read: () => readRecording(request, ports.decoder),
      })
      return {
        transcript: transcript.text,
        confidence: transcript.confidence,
        confidence_basis: transcript.confidence_basis,
        language_code: transcript.language,
        audio_duration: Math.round(seconds * 100) / 100,
      }
    },
  )
}
