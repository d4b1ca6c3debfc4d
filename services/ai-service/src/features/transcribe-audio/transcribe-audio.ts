import { AudioError, SAMPLE_RATE } from '@bigtech/audio'
import { createSemaphore, type ErrorFactory } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { aiErrors } from '../../contract/errors.ts'
import { CareFailure, type Decoder, type SpeechToText, type Transcript } from '../../ports.ts'

export type TranscribePorts = Readonly<{ decoder: Decoder; speech: SpeechToText; logger: Logger }>

export type Heard = Readonly<{ transcript: Transcript; seconds: number }>
export type Listener = ReturnType<typeof createListener>

/** Recordings that may wait for their turn, of all and of one person, and what they may hold of memory together. */
const WAITING = 100
const WAITING_OF_ONE = 5
const WAITING_BYTES = 128 * 1024 * 1024
const RETRY_AFTER_S = 10

const REFUSED: Partial<Record<AudioError['kind'], ErrorFactory>> = {
  empty: aiErrors.AUDIO_EMPTY,
  too_big: aiErrors.AUDIO_TOO_BIG,
  unknown_format: aiErrors.AUDIO_FORMAT_UNKNOWN,
  unsupported: aiErrors.AUDIO_FORMAT_UNKNOWN,
  corrupt: aiErrors.AUDIO_UNREADABLE,
  too_much_memory: aiErrors.AUDIO_UNREADABLE,
}

/** Speech to text, as many at a time as the recogniser takes, in the order of their coming. Who waits holds a file: it is decoded when its turn has come. */
export function createListener({ decoder, speech, logger }: TranscribePorts) {
  const busy = () => aiErrors.SPEECH_BUSY({ retryAfterS: RETRY_AFTER_S })
  const turns = createSemaphore(speech.atOnce, { waiting: WAITING, refuse: busy })
  const held = { bytes: 0, by: new Map<number, number>() }

  /** Takes a place before anything is read. @throws SPEECH_BUSY */
  async function holding<T>(bytes: number, who: number | undefined, work: () => Promise<T>): Promise<T> {
    const own = who === undefined ? 0 : (held.by.get(who) ?? 0)
    // One that is larger than all together may have is heard alone.
    if (own >= WAITING_OF_ONE || (held.bytes > 0 && held.bytes + bytes > WAITING_BYTES)) throw busy()
    held.bytes += bytes
    if (who !== undefined) held.by.set(who, own + 1)
    try {
      return await work()
    } finally {
      held.bytes -= bytes
      const left = who === undefined ? 0 : held.by.get(who)! - 1
      if (who !== undefined && left > 0) held.by.set(who, left)
      else if (who !== undefined) held.by.delete(who)
    }
  }

  async function listen({ bytes, language }: Recording, signal: AbortSignal): Promise<Heard> {
    const samples = await decoder.decode(bytes, { signal })
    const seconds = samples.length / SAMPLE_RATE
    const transcript = await speech.transcribe(samples, { language, signal })
    return { transcript: transcript.text === '' ? { ...NOTHING, language } : transcript, seconds }
  }

  return {
    /** Running and waiting. */
    pending: () => turns.pending(),
    /**
     * @returns an empty text for what holds no speech
     * @throws what `read` does, AUDIO_EMPTY, AUDIO_TOO_BIG, AUDIO_FORMAT_UNKNOWN, AUDIO_UNREADABLE, AUDIO_TOO_LONG, NO_SPEECH_MODEL, SPEECH_OFF, SPEECH_BUSY, SPEECH_FAILED
     */
    async hear({ size, who, signal, read }: Asked): Promise<Heard> {
      return holding(size, who, async () => {
        const recording = await read()
        const state = await speech.state()
        if (state === 'no_model') throw aiErrors.NO_SPEECH_MODEL()
        if (state !== 'ready') throw aiErrors.SPEECH_OFF()
        try {
          // Who is gone while waiting leaves their place.
          return await turns.run(() => listen(recording, signal), signal)
        } catch (error) {
          throw explained(error, decoder, logger)
        }
      })
    },
  }
}

type Recording = Readonly<{ bytes: Uint8Array; language: string }>
type Asked = Readonly<{
  /** Bytes that it may have at most. */
  size: number
  /** None for a program on this machine. */
  who: number | undefined
  signal: AbortSignal
  /** Called once there is a place for it. */
  read(): Promise<Recording>
}>

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
    if (refused) return refused({ field: 'file' })
    logger.warn({ kind: error.kind }, 'a recording could not be decoded')
    return aiErrors.SPEECH_FAILED({ retryAfterS: RETRY_AFTER_S })
  }
  if (!(error instanceof CareFailure)) return error
  if (error.kind === 'busy') return aiErrors.SPEECH_BUSY({ retryAfterS: RETRY_AFTER_S, cause: error })
  return aiErrors.SPEECH_FAILED({ retryAfterS: RETRY_AFTER_S, cause: error })
}
