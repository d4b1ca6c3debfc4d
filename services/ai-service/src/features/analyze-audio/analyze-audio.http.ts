import { languageOf, operation, type App } from '@bigtech/http'
import { endOf } from '../../access/end-of-request.http.ts'
import { readRecording, recordingLimit, sizeOf } from '../../access/recording.http.ts'
import { AnalysisResponseSchema } from '../../contract/schemas.ts'
import type { Decoder } from '../../ports.ts'
import { viewAnalysis } from '../../views/analysis.ts'
import type { AnalyzeHttpPorts } from '../analyze-text/analyze-text.http.ts'
import { analyzeText } from '../analyze-text/analyze-text.ts'
import { needConsent } from '../give-consent/give-consent.ts'
import { hearingErrors } from '../transcribe-audio/transcribe-audio.http.ts'
import type { Listener } from '../transcribe-audio/transcribe-audio.ts'

export function analyzeAudioHttp(
  app: App,
  ports: AnalyzeHttpPorts & Readonly<{ decoder: Decoder; listener: Listener }>,
): void {
  app.post(
    '/analyze-audio',
    {
      ...operation({
        id: 'analyzeAudio',
        tag: 'care',
        access: 'local',
        idempotent: false,
        summary: 'What a recording says, and signs of how somebody is in it',
        description:
          'As transcribing and then analysing. Neither the recording nor the text is kept. One in which nobody speaks has an empty transcript, and no cue.',
        consumes: ['multipart/form-data'],
        response: { 200: AnalysisResponseSchema },
        errors: hearingErrors,
      }),
      ...recordingLimit(ports.decoder),
    },
    async (request, reply) => {
      const who = request.principal?.user_id
      const consented = async () => {
        if (who !== undefined) await needConsent(ports, who, 'analysis')
      }
      await consented()
      const signal = endOf(reply)
      const { transcript } = await ports.listener.hear({
        size: sizeOf(request, ports.decoder),
        who,
        signal,
        read: () => readRecording(request, ports.decoder),
      })
      // It may have been taken back in the minutes since.
      await consented()
      const { text, alternatives } = transcript
      const answer = languageOf(request.headers['accept-language'])
      const analysis = await analyzeText(ports, {
        who,
        text,
        alternatives,
        language: transcript.language,
        answer,
        signal,
      })
      const now = ports.clock.now()
      const view = viewAnalysis(analysis, { now, language: answer, contacts: ports.contacts[answer] })
      return { ...view, transcript: text }
    },
  )
}
