import type { Decoder } from '../ports.ts'

/** Recordings by `@bigtech/audio`, in a child process each. */
export const createDecoder = (limits: Readonly<{ maxBytes: number; maxSeconds: number }>): Decoder => ({
  ...limits,
  async decode(bytes, { signal }) {
    const { decodeAudio } = await import('@bigtech/audio')
    return decodeAudio(bytes, limits, { signal })
  },
})
