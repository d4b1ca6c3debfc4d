import type { AudioErrorKind } from '../errors.ts'
import type { AudioType } from '../sniff.ts'

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

/** What the child is asked, once in its life. */
export type Job = Readonly<{ task: 'probe' | 'decode'; bytes: Uint8Array; maxSeconds: number }>

export type Answer =
  | Readonly<{ probe: AudioProbe }>
  | Readonly<{ samples: Float32Array }>
  | Readonly<{ error: Readonly<{ kind: AudioErrorKind; message: string }> }>
