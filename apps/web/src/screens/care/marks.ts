import type { CareEvidence } from '@bigtech/client'

export type MarkedPart = { text: string; cue?: CareEvidence['cue'] }

/** A text cut at its evidence. Phrases may overlap: each letter is shown once, with the cue that begins first. */
export function markedWords(text: string, evidence: readonly CareEvidence[]): MarkedPart[] {
  const parts: MarkedPart[] = []
  let at = 0
  for (const { start, end, cue } of evidence.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const from = Math.max(start, at)
    const to = Math.min(end, text.length)
    if (from >= to) continue
    if (from > at) parts.push({ text: text.slice(at, from) })
    parts.push({ text: text.slice(from, to), cue })
    at = to
  }
  if (at < text.length) parts.push({ text: text.slice(at) })
  return parts
}
