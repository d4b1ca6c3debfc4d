import { AudioError } from '../errors.ts'
import type { AudioType } from '../sniff.ts'

const CODECS: Readonly<Record<AudioType['container'], RegExp>> = {
  wav: /^(pcm-|ulaw$|alaw$)/,
  mp3: /^mp3$/,
  mp4: /^(aac|alac|mp3)$/,
  flac: /^flac$/,
  ogg: /^vorbis$/,
  webm: /^$/,
}

/** What the decoder of the speech recogniser's addon (symphonia) reads. It knows no Opus. */
export const isNative = (container: AudioType['container'], codec: string): boolean => CODECS[container].test(codec)

/**
 * All in one call that nothing inside can stop: its length must be known before, and its memory is watched from outside. Resampled by the
 * addon, with a low-pass filter; up to 20 ms at the end are lost in it.
 * @throws AudioError corrupt, unsupported (no prebuilt addon for this machine)
 */
export async function decodeNative(bytes: Uint8Array, ext: string): Promise<Float32Array> {
  const { decodeAudio } = await import('@napi-rs/whisper').catch((cause: unknown) => {
    const machine = `${process.platform}-${process.arch}`
    const message = `Linux on x64 with glibc, or macOS, was expected: @napi-rs/whisper has no decoder for ${machine}`
    throw new AudioError('unsupported', message, { cause })
  })
  return decodeAudio(bytes, `recording.${ext}`)
}
