import { FRAME, levels, percentile } from './frames.ts'

/** From the first sample to the one behind the last. */
export type Span = Readonly<{ start: number; end: number }>

/** Frames that are this much louder than the floor may be speech, dB. */
const ABOVE_FLOOR_DB = 9
/** Quieter than this nobody spoke to the microphone, dB below full scale. */
const LEAST_DB = -55
/** The floor is what the quietest tenth is below. */
const FLOOR_SHARE = 0.1
/** Zero crossings of a frame with a voice in it: a low one crosses at least 150 times a second, and noise thousands of times. */
const VOICED_CROSSINGS = { least: 3, most: 80 }
/** Within a word there are gaps (closures of ㅂ, ㄷ, ㄱ; breath): spans that are nearer than this are one, in frames. */
const JOIN = 15
/** Beginnings and ends of words are quiet; what is around a span is a part of it, in frames. */
const PAD = 5
/** Voiced frames a span has at least: 80 ms. A click has fewer. */
const LEAST_VOICED = 4
/** Speech rises and falls with its syllables; between its loud and its quiet tenth are at least as many dB. */
const LEAST_SPREAD_DB = 6

/**
 * Where somebody may be speaking, by energy above the noise floor, zero crossings and how the energy changes: no model. Silence, hum, steady noise and
 * steady tones, also ones that begin in the middle, give no span.
 *
 * What it cannot: tell speech from music, barking, typing on a loud keyboard or other voices (a television); hear a voice that is less than 9 dB above the noise
 * around it, or whispering, which has no voice; say that a recording with speech from its first to its last sample, compressed to one loudness, has any.
 * It is there so that silence is not given to a recogniser, which invents text for it; not to find the edges of words.
 */
export function findSpeech(samples: Float32Array): Span[] {
  const loudness = levels(samples)
  const threshold = Math.max(LEAST_DB, percentile(loudness, FLOOR_SHARE) + ABOVE_FLOOR_DB)
  const spans: { start: number; end: number }[] = []
  loudness.forEach((level, frame) => {
    if (level < threshold) return
    const last = spans.at(-1)
    if (last && frame - last.end < JOIN) last.end = frame + 1
    else spans.push({ start: frame, end: frame + 1 })
  })
  return joined(
    spans
      .filter((span) => isSpeech(samples, loudness, threshold, span))
      .map(({ start, end }) => ({
        start: Math.max(0, start - PAD) * FRAME,
        end: Math.min(samples.length, (end + PAD) * FRAME),
      })),
  )
}

function isSpeech(samples: Float32Array, loudness: Float64Array, threshold: number, { start, end }: Span): boolean {
  let voiced = 0
  for (let frame = start; frame < end; frame++) {
    const count = crossings(samples, frame)
    if (loudness[frame]! >= threshold && count >= VOICED_CROSSINGS.least && count <= VOICED_CROSSINGS.most) voiced++
  }
  if (voiced < LEAST_VOICED) return false
  // The first and the last frame are partly silent whatever sounds.
  const inside = loudness.subarray(start + 1, end - 1)
  return percentile(inside, 0.9) - percentile(inside, 0.1) >= LEAST_SPREAD_DB
}

function crossings(samples: Float32Array, frame: number): number {
  let count = 0
  for (let i = frame * FRAME + 1; i < (frame + 1) * FRAME; i++) if (samples[i - 1]! < 0 !== samples[i]! < 0) count++
  return count
}

/** Padding may have made neighbours overlap. */
function joined(spans: readonly Span[]): Span[] {
  const whole: Span[] = []
  for (const span of spans) {
    const last = whole.at(-1)
    if (last && span.start <= last.end) whole[whole.length - 1] = { start: last.start, end: span.end }
    else whole.push(span)
  }
  return whole
}
