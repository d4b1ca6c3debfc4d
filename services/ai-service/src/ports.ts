import type { Speech, Span } from '@bigtech/audio'
import type { ConsentSubject } from './domain/consents.ts'
import type { Assessment, Evidence, Method, SafetyLevel } from './domain/types.ts'

export * from './ports/records.ts'

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
  /** What it takes at once, in seconds: longer recordings are cut in pauses. */
  pieceSeconds: number
  /** Whether it may know a language (BCP 47); what it certainly does not know it is not asked for. */
  knows(language: string): boolean
  state(): Promise<SpeechState>
  /**
   * Of silence and hum the text is empty: a model that is given them invents words.
   * @param samples 16 kHz, one channel, from −1 to 1
   * @param options.language BCP 47, as `ko-KR`
   * @param options.signal ends it, and what it started
   * @param options.pieces where to listen, as the decoder found it; looked for here when they are left out, which holds this process up
   * @param options.onProgress from 0 to 1, not decreasing
   * @throws CareFailure
   */
  transcribe(
    samples: Float32Array,
    options: Readonly<{
      language: string
      signal: AbortSignal
      pieces?: readonly Span[]
      onProgress?: (share: number) => void
    }>,
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
  /** Where the text goes, as a host name; null: it does not leave this machine. */
  leavesTo: string | null
  /** @throws CareFailure */
  assess(text: string, options: Readonly<{ language: string; signal: AbortSignal }>): Promise<ModelAnswer>
}>

/**
 * Why a recogniser or a model gave no answer: `refused` by a safety filter, `nonsense` that does not fit the schema, `busy` (429, 503 after one more try),
 * `unavailable` (no connection, no model, other errors), `timeout`, `died` (a child that ended or was ended), `language` that it does not know, `cancelled` by the caller.
 */
export type FailureKind =
  | 'refused'
  | 'nonsense'
  | 'busy'
  | 'unavailable'
  | 'timeout'
  | 'died'
  | 'language'
  | 'cancelled'

export class CareFailure extends Error {
  override readonly name = 'CareFailure'
  readonly kind: FailureKind
  /** @param message for the log: holds nothing of what was said */
  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** Recordings, checked and decoded (`@bigtech/audio`), in a process of its own. */
export type Decoder = Readonly<{
  /** Bytes a recording may have. */
  maxBytes: number
  /** Seconds it may last. */
  maxSeconds: number
  /** How long it is, without decoding it: as its file says, so that what it really is may be found later. In seconds. @throws AudioError */
  probe(bytes: Uint8Array, options: Readonly<{ signal: AbortSignal }>): Promise<number>
  /** 16 kHz, one channel, and where somebody may be speaking. @throws AudioError */
  decode(bytes: Uint8Array, options: Readonly<{ signal: AbortSignal; pieceSeconds: number }>): Promise<Speech>
}>

/** A line to call. */
export type Contact = Readonly<{
  number: string
  name: string
  /** Whom to call in danger. */
  emergency?: boolean
}>

/** By language, the one to talk to first; never empty. */
export type Contacts = Readonly<Record<'ko' | 'en', readonly Contact[]>>

/** That somebody agreed, to which words, and for how long. */
export type Consent = ConsentSubject & Readonly<{ version: number; given_at: number; withdrawn_at: number | null }>

/** Where something may be sent to be processed, by which its people are asked. */
export type Cloud = Readonly<{ host: string; what: 'speech' | 'text'; name: string }>

/** Of an event, which may come again. */
export type Once = Readonly<{ event_id: string; now: number }>

export interface ConsentStore {
  /** All there were, the newest first. */
  of(userId: number): Promise<Consent[]>
  /** Those that hold. */
  open(userId: number): Promise<Consent[]>
  /** The same of many. */
  openOf(userIds: readonly number[]): Promise<Map<number, Consent[]>>
  /**
   * Again, to the same words, changes nothing; to newer ones it ends the former.
   * @returns false when it is for a guardian and there is no link that was accepted
   */
  give(consent: ConsentSubject & Readonly<{ user_id: number; version: number; now: number }>): Promise<boolean>
  /** With all that rests on it. @returns whether there was one */
  withdraw(consent: ConsentSubject & Readonly<{ user_id: number; now: number }>): Promise<boolean>
  /**
   * Tells of those that are to older words (`CareConsentsOutdated`), each once for the words as they are now; that none is left is told with what ends the last.
   * @param asked.hosts of `cloud` those that can be agreed to @returns how many people were told; fewer than `limit`: there are no more
   */
  tellOfOutdated(asked: Readonly<{ now: number; hosts: readonly string[]; limit: number }>): Promise<number>
  /** The account is closed. */
  erase(event: Once & Readonly<{ user_id: number }>): Promise<void>
}

/** What is said of a text, and how it was found. */
export type Analysis = Readonly<{
  assessment: Assessment
  evidence: readonly Evidence[]
  safety: SafetyLevel
  method: Method
}>
