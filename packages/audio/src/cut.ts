import { FRAME, levels, percentile } from './frames.ts'
import { SAMPLE_RATE } from './limits.ts'

/** A cut is looked for in this last part of a piece, so that pieces do not become many. */
const LOOK_BACK = 0.4
/** As loud as the floor of the piece and this much more is a silence, dB. */
const ABOVE_FLOOR_DB = 6
const FLOOR_SHARE = 0.1

/**
 * Pieces, one after another without gap or overlap, for recognisers that take only so much at once. Cut in the middle of the longest silence of the last 40 % of
 * what fits; where there is none, at the limit. The pieces are views, not copies.
 * @param maxSeconds of each piece (55 for Google, which takes a minute)
 */
export function cutAtSilences(samples: Float32Array, maxSeconds: number): Float32Array[] {
  const most = Math.floor(maxSeconds * SAMPLE_RATE)
  if (!(most >= 1)) throw new RangeError(`pieces of at least one sample were expected, not of ${maxSeconds} s`)
  const pieces: Float32Array[] = []
  let start = 0
  while (samples.length - start > most) {
    const length = placeToCut(samples.subarray(start, start + most))
    pieces.push(samples.subarray(start, start + length))
    start += length
  }
  if (start < samples.length) pieces.push(samples.subarray(start))
  return pieces
}

/** From 1 to the length of the window. */
function placeToCut(window: Float32Array): number {
  const loudness = levels(window)
  const quiet = percentile(loudness, FLOOR_SHARE) + ABOVE_FLOOR_DB
  let best = { from: 0, to: 0 }
  let from: number | undefined
  for (let frame = Math.floor(loudness.length * (1 - LOOK_BACK)); frame <= loudness.length; frame++) {
    const isQuiet = frame < loudness.length && loudness[frame]! <= quiet
    if (isQuiet) from ??= frame
    else if (from !== undefined) {
      if (frame - from >= best.to - best.from) best = { from, to: frame }
      from = undefined
    }
  }
  return best.to === 0 ? window.length : Math.max(1, Math.round(((best.from + best.to) / 2) * FRAME))
}
