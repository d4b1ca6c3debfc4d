import type { AudioProbe, Job } from './child/messages.ts'
import { AudioError } from './errors.ts'
import { type AudioLimits, DEFAULT_LIMITS } from './limits.ts'
import { runChild } from './run-child.ts'
import { sniffAudio } from './sniff.ts'
import type { Span } from './speech.ts'

export type AudioOptions = Readonly<{
  /** Ends the process that works on it. */
  signal?: AbortSignal
}>

/**
 * What a recording says of itself, without decoding it: so that one that is too long is refused before it costs much. Read in a process of
 * its own as well, since a header that lies can keep a reader busy.
 * @throws AudioError
 */
export async function probeAudio(
  bytes: Uint8Array,
  limits: Partial<AudioLimits> = {},
  { signal }: AudioOptions = {},
): Promise<AudioProbe> {
  const answer = await run({ task: 'probe' }, bytes, { ...DEFAULT_LIMITS, ...limits }, signal)
  if (!('probe' in answer)) throw new AudioError('died', 'what the recording is was expected as the answer')
  return answer.probe
}

/**
 * A recording as recognisers take it: 16 kHz, one channel (the mean of all), from -1 to 1. Each call starts a process and ends it; how many run at once is
 * the caller's to limit. What is read: WAV (PCM, float, µ-law, A-law), MP3, AAC and ALAC in MP4 and 3GP, FLAC, Vorbis in Ogg, Opus in Ogg, WebM and MP4.
 * @throws AudioError
 */
export async function decodeAudio(
  bytes: Uint8Array,
  limits: Partial<AudioLimits> = {},
  { signal }: AudioOptions = {},
): Promise<Float32Array> {
  return (await decoded({ task: 'decode' }, bytes, limits, signal)).samples
}

/** A recording, and the pieces of it in which somebody may be speaking. */
export type Speech = Readonly<{ samples: Float32Array; pieces: readonly Span[] }>

/**
 * The same, and where a recogniser should listen (`spokenPieces`): found in the process that decodes, so that this one is not held up by it.
 * @param options.pieceSeconds what the recogniser takes at once
 * @throws AudioError
 */
export const decodeSpeech = (
  bytes: Uint8Array,
  limits: Partial<AudioLimits>,
  { signal, pieceSeconds }: AudioOptions & Readonly<{ pieceSeconds: number }>,
): Promise<Speech> => decoded({ task: 'decode', pieceSeconds }, bytes, limits, signal)

async function decoded(
  task: Omit<Job, 'maxSeconds'>,
  bytes: Uint8Array,
  limits: Partial<AudioLimits>,
  signal: AbortSignal | undefined,
): Promise<Speech> {
  const answer = await run(task, bytes, { ...DEFAULT_LIMITS, ...limits }, signal)
  if (!('samples' in answer)) throw new AudioError('died', 'samples were expected as the answer')
  return answer
}

async function run(
  task: Omit<Job, 'maxSeconds'>,
  bytes: Uint8Array,
  limits: AudioLimits,
  signal: AbortSignal | undefined,
) {
  if (bytes.length === 0) throw new AudioError('empty', 'a recording was expected; the file has no bytes')
  if (bytes.length > limits.maxBytes)
    throw new AudioError('too_big', `at most ${limits.maxBytes} bytes were expected; the file has ${bytes.length}`)
  if (sniffAudio(bytes) === null)
    throw new AudioError('unknown_format', 'WAV, MP3, M4A (MP4, 3GP), FLAC, Ogg or WebM was expected')
  return runChild(task, bytes, limits, signal)
}
