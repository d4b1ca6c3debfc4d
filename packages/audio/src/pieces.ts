import { cutAtSilences } from './cut.ts'
import { findSpeech, type Span } from './speech.ts'

/**
 * Where a recogniser should listen: the recording in pieces of at most `maxSeconds`, cut in pauses, without those in which nobody speaks. One that is given silence
 * invents something. Takes 100–300 ms for ten minutes.
 */
export function spokenPieces(samples: Float32Array, maxSeconds: number): Span[] {
  let start = 0
  return cutAtSilences(samples, maxSeconds)
    .map((piece) => ({ piece, span: { start, end: (start += piece.length) } }))
    .filter(({ piece }) => findSpeech(piece).length > 0)
    .map(({ span }) => span)
}
