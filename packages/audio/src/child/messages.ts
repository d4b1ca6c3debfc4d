import type { AudioErrorKind } from '../errors.ts'
import type { AudioType } from '../sniff.ts'
import type { Span } from '../speech.ts'

export type AudioProbe = Readonly<{
  container: AudioType['container']
  /** As `aac`, `alac`, `flac`, `mp3`, `opus`, `vorbis`, `pcm-s16`. */
  codec: string
  /** Of sound, as the container says, or as its packets do when it says nothing. The file's word: a lie is found when it is decoded. */
  seconds: number
  /** Of the file; what is decoded is always 16 kHz mono. */
  sampleRate: number
  channels: number
}>

/** What the child is asked, once in its life. The recording follows on its standard input. */
export type Job = Readonly<{
  task: 'probe' | 'decode'
  maxSeconds: number
  /** What is spoken is looked for as well, in pieces of this length. */
  pieceSeconds?: number
}>

/** Where the child writes the samples, as the machine's own 32-bit floats. Not to standard output, where libraries may write as well. */
export const SAMPLES_FD = 4

/** Comes last: samples have been written before. */
export type Answer =
  | Readonly<{ probe: AudioProbe }>
  | Readonly<{ samples: number; pieces: readonly Span[] }>
  | Readonly<{ error: Readonly<{ kind: AudioErrorKind; message: string }> }>
