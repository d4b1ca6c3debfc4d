import { cutAtSilences, findSpeech } from '@bigtech/audio'

/** A piece of a recording, and where it ends in it (samples). */
export type Piece = Readonly<{ samples: Float32Array; endsAt: number }>

/** The recording in pieces of at most `maxS`, cut in pauses. Those in which nobody speaks are left out: a recogniser that is given them invents something. */
export function spokenPieces(samples: Float32Array, maxS: number): Piece[] {
  let endsAt = 0
  return cutAtSilences(samples, maxS)
    .map((piece) => ({ samples: piece, endsAt: (endsAt += piece.length) }))
    .filter((piece) => findSpeech(piece.samples).length > 0)
}
