import { AudioError, tooLong } from '../errors.ts'
import { SAMPLE_RATE } from '../limits.ts'
import { decodeNative, isNative } from './native.ts'
import { decodeOpus } from './opus.ts'
import type { Recording } from './recording.ts'

/**
 * The whole recording as 16 kHz mono from -1 to 1.
 * @throws AudioError corrupt, too_long, unsupported
 */
export async function decode(recording: Recording, bytes: Uint8Array, maxSeconds: number): Promise<Float32Array> {
  const { type, codec } = recording
  if (codec !== 'opus' && !isNative(type.container, codec))
    throw new AudioError(
      'unsupported',
      `PCM, MP3, AAC, ALAC, FLAC, Vorbis or Opus was expected; this is ${codec.slice(0, 40)} in ${type.container}`,
    )
  await recording.refuseLongerThan(maxSeconds)
  const samples = codec === 'opus' ? await decodeOpus(recording, maxSeconds) : await decodeNative(bytes, type.ext)
  // Packets may hold more than they said.
  if (samples.length > (maxSeconds + 1) * SAMPLE_RATE) throw tooLong(maxSeconds)
  // Decoders of lossy formats overshoot; what is no number (floats of a WAV) is silence.
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!
    samples[i] = sample >= -1 && sample <= 1 ? sample : sample > 1 ? 1 : sample < -1 ? -1 : 0
  }
  return samples
}
