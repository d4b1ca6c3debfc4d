import type { Assessment, SafetyLevel } from './domain/types.ts'

/** Whether it can be used: `no_model` is put right by `npm run care:model`, `off` by settings, `unsupported` by another machine. */
export type SpeechState = 'ready' | 'no_model' | 'off' | 'unsupported'

export type Transcript = Readonly<{
  /** Trimmed; empty when nothing was said. */
  text: string
  /** From 0 to 1; null where the recogniser says nothing of it. Never invented. */
  confidence: number | null
  /** What the number rests on, or why there is none. */
  confidence_basis: string
  /** BCP 47, as it was asked for or recognised. */
  language: string
  /** Other readings of the whole, the best one left out: crisis words are looked for in them too. */
  alternatives: readonly string[]
}>

/** Speech to text. Adapters: `adapters/speech/`. */
export type SpeechToText = Readonly<{
  name: 'whisper' | 'openai' | 'google' | 'none'
  /** Where the audio goes to be recognised, as a host name; null: it does not leave this machine. */
  leavesTo: string | null
  /** How many can be under way at once. */
  atOnce: number
  state(): Promise<SpeechState>
  /**
   * @param samples 16 kHz, one channel, from −1 to 1
   * @param options.language BCP 47, as `ko-KR`
   * @param options.signal ends it, and what it started
   * @param options.onProgress from 0 to 1, not decreasing
   * @throws CareFailure
   */
  transcribe(
    samples: Float32Array,
    options: Readonly<{ language: string; signal: AbortSignal; onProgress?: (share: number) => void }>,
  ): Promise<Transcript>
  close(): Promise<void>
}>

/** What a model says of a text, checked: scores in their ranges, texts of sensible length. */
export type ModelAnswer = Omit<Assessment, 'confidence_basis'> & Readonly<{ safety: SafetyLevel }>

/** A language model that assesses texts. Adapters: `adapters/analysis/`. The rules run beside it always. */
export type TextModel = Readonly<{
  name: 'openai' | 'vertex'
  /** As the provider calls it. */
  model: string
  /** Where the text goes, as a host name. */
  leavesTo: string
  /** @throws CareFailure */
  assess(text: string, options: Readonly<{ language: string; signal: AbortSignal }>): Promise<ModelAnswer>
}>

/**
 * Why a recogniser or a model gave no answer: `refused` by a safety filter, `nonsense` that does not fit the schema, `busy` (429, 503 after one more try),
 * `unavailable` (no connection, no model, other errors), `timeout`, `died` (a child that ended or was ended), `cancelled` by the caller.
 */
export type FailureKind = 'refused' | 'nonsense' | 'busy' | 'unavailable' | 'timeout' | 'died' | 'cancelled'

export class CareFailure extends Error {
  override readonly name = 'CareFailure'
  readonly kind: FailureKind
  /** @param message for the log: holds nothing of what was said */
  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
