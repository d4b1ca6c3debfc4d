import { SAMPLE_RATE } from './limits.ts'

/** 20 ms: short enough for a syllable, long enough for two periods of a low voice. */
export const FRAME = SAMPLE_RATE / 50

/** Below what any microphone hands over; keeps logarithms finite. */
const SILENCE_DB = -120

/** How loud each whole frame is, in dB below full scale, its mean (an offset of the microphone) left out. */
export function levels(samples: Float32Array): Float64Array {
  const frames = Math.floor(samples.length / FRAME)
  return Float64Array.from({ length: frames }, (_, frame) => {
    let sum = 0
    let squares = 0
    for (let i = frame * FRAME; i < (frame + 1) * FRAME; i++) {
      const sample = samples[i]!
      sum += sample
      squares += sample * sample
    }
    const power = squares / FRAME - (sum / FRAME) ** 2
    return power > 0 ? Math.max(SILENCE_DB, 10 * Math.log10(power)) : SILENCE_DB
  })
}

/** The value that `share` of them are below; silence of none. */
export function percentile(values: Float64Array, share: number): number {
  const sorted = values.toSorted()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? SILENCE_DB
}
