import { AudioError, SAMPLE_RATE } from '@bigtech/audio'
import { createSemaphore, type ErrorFactory, type Semaphore } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { aiErrors } from '../../contract/errors.ts'
import { CareFailure, type Decoder, type SpeechToText, type Transcript } from '../../ports.ts'

export type TranscribePorts = Readonly<{ decoder: Decoder; speech: SpeechToText; logger: Logger }>

export type Heard = Readonly<{ transcript: Transcript; seconds: number }>
export type Listener = ReturnType<typeof createListener>

/** Recordings that may wait for their turn. */
const WAITING = 100
const RETRY_AFTER_S = 10

const REFUSED: Partial<Record<AudioError['kind'], ErrorFactory>> = {
  empty: aiErrors.AUDIO_EMPTY,
  too_big: aiErrors.AUDIO_TOO_BIG,
  unknown_format: aiErrors.AUDIO_FORMAT_UNKNOWN,
  unsupported: aiErrors.AUDIO_FORMAT_UNKNOWN,
  corrupt: aiErrors.AUDIO_UNREADABLE,
  too_much_memory: aiErrors.AUDIO_UNREADABLE,
}

/** Speech to text, as many at a time as decoder and recogniser take; in the order of their coming. */
export function createListener({ decoder, speech, logger }: TranscribePorts) {
  const busy = () => aiErrors.SPEECH_BUSY({ retryAfterS: RETRY_AFTER_S })
  const decoding = createSemaphore(decoder.atOnce, { waiting: WAITING, refuse: busy })
  const recognising = createSemaphore(speech.atOnce, { waiting: WAITING, refuse: busy })

  /** Who is gone while waiting costs nothing more. */
  const inTurn = <T>(turns: Semaphore, signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
    turns.run(async () => {
      if (signal.aborted) throw new CareFailure('cancelled', 'who asked is gone')
      return work()
    })

  return {
    /** Running and waiting. */
    pending: () => decoding.pending() + recognising.pending(),
    /**
     * @returns an empty text for what holds no speech
     * @throws AUDIO_EMPTY, AUDIO_TOO_BIG, AUDIO_FORMAT_UNKNOWN, AUDIO_UNREADABLE, AUDIO_TOO_LONG, NO_SPEECH_MODEL, SPEECH_OFF, SPEECH_BUSY, SPEECH_FAILED
     */
    async hear(bytes: Uint8Array, { language, signal }: { language: string; signal: AbortSignal }): Promise<Heard> {
      const state = await speech.state()
      if (state === 'no_model') throw aiErrors.NO_SPEECH_MODEL()
      if (state !== 'ready') throw aiErrors.SPEECH_OFF()
      try {
        const samples = await inTurn(decoding, signal, () => decoder.decode(bytes, { signal }))
        const seconds = samples.length / SAMPLE_RATE
        if (!(await decoder.hasSpeech(samples))) return { transcript: { ...NOTHING, language }, seconds }
        const transcript = await inTurn(recognising, signal, () => speech.transcribe(samples, { language, signal }))
        return { transcript, seconds }
      } catch (error) {
        throw explained(error, decoder, logger)
      }
    },
  }
}

const NOTHING: Omit<Transcript, 'language'> = {
  text: '',
  confidence: 0,
  confidence_basis: '말소리가 없습니다',
  alternatives: [],
}

function explained(error: unknown, { maxSeconds }: Decoder, logger: Logger): unknown {
  if (error instanceof AudioError) {
    if (error.kind === 'too_long') return aiErrors.AUDIO_TOO_LONG({ params: { minutes: maxSeconds / 60 } })
    const refused = REFUSED[error.kind]
    if (refused) return refused({ field: 'file', cause: error })
    logger.warn({ err: error, kind: error.kind }, 'a recording could not be decoded')
    return aiErrors.SPEECH_FAILED({ retryAfterS: RETRY_AFTER_S, cause: error })
  }
  if (!(error instanceof CareFailure)) return error
  if (error.kind === 'busy') return aiErrors.SPEECH_BUSY({ retryAfterS: RETRY_AFTER_S, cause: error })
  return aiErrors.SPEECH_FAILED({ retryAfterS: RETRY_AFTER_S, cause: error })
}
