import { SAMPLE_RATE } from '@bigtech/audio'

/** Nobody's voice, and like one to what only looks whether there is any: a low tone that comes and goes three times a second, with a pause every two. */
export const voice = (seconds: number): Float32Array =>
  Float32Array.from({ length: seconds * SAMPLE_RATE }, (_, i) => {
    const at = i / SAMPLE_RATE
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 3 * at))
    return at % 2 > 1.6 ? 0 : 0.3 * syllable * Math.sin(2 * Math.PI * 180 * at)
  })
