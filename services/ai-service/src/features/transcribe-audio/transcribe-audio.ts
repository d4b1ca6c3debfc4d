import { AudioError, SAMPLE_RATE } from '@bigtech/audio'
import { createSemaphore, type ErrorFactory } from '@bigtech/kernel'
import type { Logger } from '@bigtech/telemetry'
import { createPlaces, PLACE_LIMITS, type PlaceLimits } from '../../access/places.ts'
import { aiErrors } from '../../contract/errors.ts'
import { CareFailure, type Decoder, type SpeechToText, type Transcript } from '../../ports.ts'

export type TranscribePorts = Readonly<{
  decoder: Decoder
  speech: SpeechToText
  logger: Logger
  places?: Partial<PlaceLimits>
}>

export type Heard = Readonly<{ transcript: Transcript; seconds: number }>
export type Listener = ReturnType<typeof createListener>

/** A recording with a place in the queue. Who has it gives the place back. */
export type Admitted = Readonly<{ recording: Recording; seconds: number; leave(): void }>

const REFUSED: Partial<Record<AudioError['kind'], ErrorFactory>> = {
  empty: aiErrors.AUDIO_EMPTY,
  too_big: aiErrors.AUDIO_TOO_BIG,
  unknown_format: aiErrors.AUDIO_FORMAT_UNKNOWN,
  unsupported: aiErrors.AUDIO_FORMAT_UNKNOWN,
  corrupt: aiErrors.AUDIO_UNREADABLE,
  too_much_memory: aiErrors.AUDIO_UNREADABLE,
}

/** Speech to text, as many at a time as the recogniser takes, in the order of their coming. Who waits holds a file: it is decoded when its turn has come. */
export function createListener({ decoder, speech, logger, places: limits }: TranscribePorts) {
  const places = createPlaces({ ...PLACE_LIMITS, ...limits }, speech.atOnce)
  const turns = createSemaphore(speech.atOnce)
  const closing = new AbortController()
  const interrupted = () => aiErrors.RECORDING_INTERRUPTED({ retryAfterS: places.retryAfterS() })

  /** Of what was ended because this process ends, whatever came of it. */
  function explained(error: unknown): unknown {
    if (closing.signal.aborted) return interrupted()
    const busy = { retryAfterS: places.retryAfterS(), cause: error }
    if (error instanceof AudioError) {
      if (error.kind === 'too_long') return aiErrors.AUDIO_TOO_LONG({ params: { minutes: decoder.maxSeconds / 60 } })
      const refused = REFUSED[error.kind]
      if (refused) return refused({ field: 'file' })
      logger.warn({ kind: error.kind }, 'a recording could not be decoded')
      return aiErrors.SPEECH_FAILED(busy)
    }
    if (!(error instanceof CareFailure)) return error
    if (error.kind === 'language') return aiErrors.LANGUAGE_UNKNOWN({ field: 'language_code', cause: error })
    return error.kind === 'busy' ? aiErrors.SPEECH_BUSY(busy) : aiErrors.SPEECH_FAILED(busy)
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw explained(error)
    }
  }

  async function checkReady(language: string): Promise<void> {
    if (!speech.knows(language)) throw aiErrors.LANGUAGE_UNKNOWN({ field: 'language_code' })
    const state = await speech.state()
    if (state === 'no_model') throw aiErrors.NO_SPEECH_MODEL()
    if (state !== 'ready') throw aiErrors.SPEECH_OFF()
  }

  /** Takes a place, then reads it and how long it is. @throws what `read` does, and what `hear` does before its turn */
  async function admit({ size, who, signal, read }: Asked): Promise<Admitted> {
    if (closing.signal.aborted) throw interrupted()
    const place = places.take(size, who)
    try {
      const recording = await read()
      await checkReady(recording.language)
      const seconds = await attempt(() => decoder.probe(recording.bytes, { signal: until(signal) }))
      if (seconds > decoder.maxSeconds + SLACK_S) throw explained(new AudioError('too_long', 'by its header'))
      place.lasts(seconds)
      return { recording, seconds, leave: () => place.free() }
    } catch (error) {
      place.free()
      throw error
    }
  }

  const until = (signal: AbortSignal) => AbortSignal.any([signal, closing.signal])

  async function listen(
    { bytes, language }: Recording,
    { signal, onProgress }: Readonly<{ signal: AbortSignal; onProgress?: (share: number) => void }>,
  ): Promise<Heard> {
    const started = performance.now()
    const { samples, pieces } = await decoder.decode(bytes, { signal, pieceSeconds: speech.pieceSeconds })
    const seconds = samples.length / SAMPLE_RATE
    const given = { language, signal, pieces, ...(onProgress ? { onProgress } : {}) }
    const transcript = await speech.transcribe(samples, given)
    if (seconds > 0) places.learn((performance.now() - started) / 1_000 / seconds)
    return { transcript: transcript.text === '' ? { ...NOTHING, language } : transcript, seconds }
  }

  return {
    /** Running and waiting. */
    pending: places.held,
    admit,
    /**
     * When its turn has come, unless `begin` says that it must not begin yet. Its turn lasts until `use` has done with what was heard.
     * @returns whether it has begun
     * @throws AUDIO_…, LANGUAGE_UNKNOWN, SPEECH_BUSY, SPEECH_FAILED, RECORDING_INTERRUPTED when the process ends meanwhile
     */
    inTurn: ({ recording }: Admitted, { begin, onProgress, use, ...options }: InTurn): Promise<boolean> =>
      attempt(() => {
        const signal = until(options.signal)
        return turns.run(async () => {
          if (!(await begin())) return false
          await use(await listen(recording, { signal, onProgress }), signal)
          return true
        }, signal)
      }),
    /**
     * @returns an empty text for what holds no speech
     * @throws what `read` does, AUDIO_EMPTY, AUDIO_TOO_BIG, AUDIO_FORMAT_UNKNOWN, AUDIO_UNREADABLE, AUDIO_TOO_LONG, LANGUAGE_UNKNOWN, NO_SPEECH_MODEL, SPEECH_OFF, SPEECH_BUSY,
     * SPEECH_FAILED, RECORDING_INTERRUPTED
     */
    async hear(asked: Asked): Promise<Heard> {
      const { recording, leave } = await admit(asked)
      try {
        const signal = until(asked.signal)
        return await attempt(() => turns.run(() => listen(recording, { signal }), signal))
      } finally {
        leave()
      }
    },
    /** The process ends: what is listened to is ended, and nothing new is taken. */
    close: () => closing.abort(),
  }
}

/** Encoders begin and end with some padding: a recording of exactly the limit is let in. */
const SLACK_S = 0.2

export type Recording = Readonly<{ bytes: Uint8Array; language: string; keepText: boolean }>
export type Asked = Readonly<{
  /** Bytes that it may have at most. */
  size: number
  /** None for a program on this machine. */
  who: number | undefined
  signal: AbortSignal
  /** Called once there is a place for it. */
  read(): Promise<Recording>
}>

export type InTurn = Readonly<{
  signal: AbortSignal
  begin: () => Promise<boolean>
  onProgress: (share: number) => void
  /** @param signal ends it, also when the process ends */
  use: (heard: Heard, signal: AbortSignal) => Promise<void>
}>

const NOTHING: Omit<Transcript, 'language'> = {
  text: '',
  confidence: 0,
  confidence_basis: '말소리가 없습니다',
  alternatives: [],
}
