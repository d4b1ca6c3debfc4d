import type { Decoder } from '../ports.ts'

/** Recordings by `@bigtech/audio`, in a child process each. */
export const createDecoder = (limits: Readonly<{ maxBytes: number; maxSeconds: number }>): Decoder => ({
  ...limits,
  async probe(bytes, options) {
    const { probeAudio } = await import('@bigtech/audio')
    return (await probeAudio(bytes, limits, options)).seconds
  },
  async decode(bytes, options) {
    const { decodeSpeech } = await import('@bigtech/audio')
    return decodeSpeech(bytes, limits, options)
  },
})
