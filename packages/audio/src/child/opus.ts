import { AudioError, tooLong } from '../errors.ts'
import { SAMPLE_RATE } from '../limits.ts'
import type { Recording } from './recording.ts'

/**
 * Packets out of Ogg, WebM or MP4, decoded one by one. libopus gives 16 kHz itself: it leaves out what is above 8 kHz before it makes
 * samples, so that nothing of it is heard as something else, and no resampler is needed.
 * @throws AudioError corrupt, too_long, unsupported
 */
export async function decodeOpus(recording: Recording, maxSeconds: number): Promise<Float32Array> {
  const { channels } = recording
  if (channels !== 1 && channels !== 2)
    throw new AudioError('unsupported', `Opus of one or two channels was expected; this has ${channels}`)
  const { OpusDecoder } = await import('opus-decoder')
  const decoder = new OpusDecoder({ channels, sampleRate: SAMPLE_RATE })
  await decoder.ready
  const pieces: Float32Array[] = []
  let length = 0
  let failed = 0
  for await (const { data } of recording.packets()) {
    const { channelData, samplesDecoded, errors } = decoder.decodeFrame(data)
    failed += errors.length
    length += samplesDecoded
    if (length > (maxSeconds + 1) * SAMPLE_RATE) throw tooLong(maxSeconds)
    if (samplesDecoded > 0) pieces.push(mixed(channelData, samplesDecoded))
  }
  // A broken packet is a gap of 20 ms. Where most are broken there is nothing to listen to.
  if (failed > pieces.length)
    throw new AudioError('corrupt', 'packets of Opus were expected; most of them cannot be decoded')
  const whole = new Float32Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** One channel as it is, a copy since the decoder uses its buffers again; of two the mean. */
function mixed([left, right]: readonly Float32Array[], length: number): Float32Array {
  const mono = left!.slice(0, length)
  if (right) for (let i = 0; i < length; i++) mono[i] = (mono[i]! + right[i]!) / 2
  return mono
}
