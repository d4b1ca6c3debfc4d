import { SAMPLE_RATE } from '@bigtech/audio'

/** A piece of a recording, and where it ends in it (samples). */
export type Piece = Readonly<{ samples: Float32Array; endsAt: number }>

const FRAME = SAMPLE_RATE / 50
/** Below −54 dBFS in every 20 ms nobody speaks; a recogniser that is given it invents something. */
const SILENT_RMS = 0.002
/** How far before the limit a pause is looked for. */
const SEARCH_S = 6
/** A pause between words. */
const PAUSE_FRAMES = 10

/** The recording in pieces of at most `maxS`, cut in pauses; those in which nothing is heard are left out. */
export function spokenPieces(samples: Float32Array, maxS: number): Piece[] {
  const pieces: Piece[] = []
  for (let start = 0; start < samples.length;) {
    const limit = start + maxS * SAMPLE_RATE
    const endsAt = limit >= samples.length ? samples.length : quietest(samples, limit - SEARCH_S * SAMPLE_RATE, limit)
    const piece = samples.subarray(start, endsAt)
    if (isHeard(piece)) pieces.push({ samples: piece, endsAt })
    start = endsAt
  }
  return pieces
}

const energy = (samples: Float32Array, from: number, to: number): number => {
  let sum = 0
  for (let i = from; i < to; i++) sum += samples[i]! ** 2
  return sum
}

/** The middle of the quietest 200 ms between two places. */
function quietest(samples: Float32Array, from: number, to: number): number {
  const frames = Array.from({ length: Math.floor((to - from) / FRAME) }, (_, i) =>
    energy(samples, from + i * FRAME, from + (i + 1) * FRAME),
  )
  let best = { at: to, energy: Infinity }
  for (let i = 0; i + PAUSE_FRAMES <= frames.length; i++) {
    const pause = frames.slice(i, i + PAUSE_FRAMES).reduce((sum, each) => sum + each, 0)
    if (pause < best.energy) best = { at: from + (i + PAUSE_FRAMES / 2) * FRAME, energy: pause }
  }
  return best.at
}

function isHeard(samples: Float32Array): boolean {
  for (let at = 0; at < samples.length; at += FRAME) {
    const to = Math.min(at + FRAME, samples.length)
    if (energy(samples, at, to) >= SILENT_RMS ** 2 * (to - at)) return true
  }
  return false
}
