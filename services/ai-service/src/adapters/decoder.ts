import type { Decoder } from '../ports.ts'

/** A child of low priority each; one at a time leaves the other processor to those who chat. */
const AT_ONCE = 1

/** Recordings by `@bigtech/audio`, in a child process each. */
export const createDecoder = (limits: Readonly<{ maxBytes: number; maxSeconds: number }>): Decoder => ({
  atOnce: AT_ONCE,
  ...limits,
  async decode(bytes, { signal }) {
    const { decodeAudio } = await import('@bigtech/audio')
    return decodeAudio(bytes, limits, { signal })
  },
  async hasSpeech(samples) {
    const { findSpeech } = await import('@bigtech/audio')
    return findSpeech(samples).length > 0
  },
})
