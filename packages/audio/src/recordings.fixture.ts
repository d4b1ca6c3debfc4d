import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SAMPLE_RATE } from './limits.ts'
import type { AudioProbe } from './child/messages.ts'

export const recording = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../fixtures', name))

type Made = Readonly<{ name: string; container: AudioProbe['container']; codec: string; seconds: number; peak: number }>

/** What `fixtures/make.sh` made: 440 Hz, at half of full scale; in stereo on one side only, which leaves half of it. */
export const RECORDINGS: readonly Made[] = [
  { name: 'tone-16.wav', container: 'wav', codec: 'pcm-s16', seconds: 0.4, peak: 0.5 },
  { name: 'tone-24.wav', container: 'wav', codec: 'pcm-s24', seconds: 0.4, peak: 0.5 },
  { name: 'tone-float.wav', container: 'wav', codec: 'pcm-f32', seconds: 0.4, peak: 0.5 },
  { name: 'tone-mulaw.wav', container: 'wav', codec: 'ulaw', seconds: 0.8, peak: 0.5 },
  { name: 'tone.mp3', container: 'mp3', codec: 'mp3', seconds: 0.8, peak: 0.25 },
  { name: 'tone.m4a', container: 'mp4', codec: 'aac', seconds: 0.8, peak: 0.25 },
  { name: 'tone-moov-first.m4a', container: 'mp4', codec: 'aac', seconds: 0.8, peak: 0.25 },
  { name: 'tone-fragmented.mp4', container: 'mp4', codec: 'aac', seconds: 0.8, peak: 0.5 },
  { name: 'tone.3gp', container: 'mp4', codec: 'aac', seconds: 0.8, peak: 0.5 },
  { name: 'tone-alac.m4a', container: 'mp4', codec: 'alac', seconds: 0.4, peak: 0.5 },
  { name: 'tone.flac', container: 'flac', codec: 'flac', seconds: 0.4, peak: 0.5 },
  { name: 'tone-vorbis.ogg', container: 'ogg', codec: 'vorbis', seconds: 0.8, peak: 0.25 },
  { name: 'tone-opus.ogg', container: 'ogg', codec: 'opus', seconds: 0.8, peak: 0.5 },
  { name: 'tone-stereo-opus.ogg', container: 'ogg', codec: 'opus', seconds: 0.8, peak: 0.25 },
  { name: 'tone.webm', container: 'webm', codec: 'opus', seconds: 0.8, peak: 0.5 },
  { name: 'tone-live.webm', container: 'webm', codec: 'opus', seconds: 0.8, peak: 0.5 },
]

/** The amplitude of one frequency in it (a single bin of a Fourier transform). */
export function amplitude(samples: Float32Array, hz: number): number {
  let re = 0
  let im = 0
  samples.forEach((sample, i) => {
    re += sample * Math.cos((2 * Math.PI * hz * i) / SAMPLE_RATE)
    im += sample * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE)
  })
  return (2 * Math.hypot(re, im)) / samples.length
}

/** Samples of `seconds`, each made from its number. */
export const sound = (seconds: number, at: (i: number) => number): Float32Array =>
  Float32Array.from({ length: Math.round(seconds * SAMPLE_RATE) }, (_, i) => at(i))

export const sine = (hz: number, level: number) => (i: number) => level * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE)

/** White noise that is the same each time (xorshift). */
export function noise(level: number): () => number {
  let state = 0x9e3779b9
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return level * (state / 2 ** 31)
  }
}
