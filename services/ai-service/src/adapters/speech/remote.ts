import { spokenPieces, writeWav } from '@bigtech/audio'
import type { SpeechToText, Transcript } from '../../ports.ts'
import { cancelled } from '../failures.ts'

/** Google's synchronous recogniser takes a minute; of another server it bounds what one request costs. */
const PIECE_S = 55

/** What a service said of one piece. */
export type Heard = Readonly<{ text: string; confidence: number | null; alternatives: readonly string[] }>

/** A recogniser elsewhere: pieces of a recording, one after another, each as a WAV file of its own. */
export function createRemoteSpeech(
  options: Pick<SpeechToText, 'name' | 'leavesTo'> &
    Readonly<{
      atOnce: number
      /** Why there is a confidence, when there is one. */
      basis: string
      hear(wav: Uint8Array, language: string, signal: AbortSignal): Promise<Heard>
    }>,
): SpeechToText {
  const { name, leavesTo, atOnce, basis, hear } = options
  const closing = new AbortController()
  return {
    name,
    leavesTo,
    atOnce,
    pieceSeconds: PIECE_S,
    // What it does not know it says when it is asked.
    knows: () => true,
    state: () => Promise.resolve('ready'),
    async transcribe(
      samples,
      { language, signal, pieces = spokenPieces(samples, PIECE_S), onProgress },
    ): Promise<Transcript> {
      const either = AbortSignal.any([signal, closing.signal])
      const heard: { seconds: number; piece: Heard }[] = []
      for (const { start, end } of pieces) {
        if (either.aborted) throw cancelled()
        const wav = writeWav(samples.subarray(start, end))
        heard.push({ seconds: end - start, piece: await hear(wav, language, either) })
        onProgress?.(end / samples.length)
      }
      if (either.aborted) throw cancelled()
      onProgress?.(1)
      const text = joined(heard.map(({ piece }) => piece.text))
      const confidence = text === '' ? null : weighed(heard)
      return {
        text,
        confidence,
        confidence_basis: confidence === null ? '인식기가 확률을 알려 주지 않았습니다.' : basis,
        language,
        alternatives: alternativesOf(
          text,
          heard.map(({ piece }) => piece),
        ),
      }
    },
    close() {
      closing.abort()
      return Promise.resolve()
    },
  }
}

export const joined = (texts: readonly string[]): string =>
  texts
    .map((text) => text.replaceAll(/\s+/g, ' ').trim())
    .filter((text) => text !== '')
    .join(' ')

/** The mean over the pieces by their length; null when one that has words says nothing of it. */
function weighed(heard: readonly { seconds: number; piece: Heard }[]): number | null {
  let [sum, all] = [0, 0]
  for (const { seconds, piece } of heard) {
    if (piece.text.trim() === '') continue
    if (piece.confidence === null) return null
    sum += piece.confidence * seconds
    all += seconds
  }
  return all === 0 ? null : Math.max(0, Math.min(1, sum / all))
}

/** The n-th other reading of the whole: of each piece its n-th, or its best where it has no more. */
function alternativesOf(text: string, pieces: readonly Heard[]): string[] {
  const most = Math.max(0, ...pieces.map(({ alternatives }) => alternatives.length))
  const all = Array.from({ length: most }, (_, n) => joined(pieces.map((piece) => piece.alternatives[n] ?? piece.text)))
  return [...new Set(all)].filter((each) => each !== text && each !== '')
}
