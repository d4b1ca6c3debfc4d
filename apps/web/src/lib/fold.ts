import type { TextPart } from './links.ts'

/** A longer text is folded: so many letters (UTF-16 units) or lines of it are shown. */
const LETTERS = 500
const LINES = 15

/** Where a text is cut when it is folded, between two letters as people count them; undefined: it is short enough. */
export function foldAt(text: string): number | undefined {
  let line = -1
  for (let lines = 0; lines < LINES; lines++) {
    line = text.indexOf('\n', line + 1)
    if (line < 0) break
  }
  const at = line < 0 ? text.length : line
  if (at <= LETTERS) return at < text.trimEnd().length ? at : undefined
  let cut = 0
  for (const { index } of new Intl.Segmenter().segment(text.slice(0, LETTERS + 50))) {
    if (index > LETTERS) break
    cut = index
  }
  return cut || LETTERS
}

/** The parts before the place. A link is never cut in two: it would lead elsewhere; nor is a name. */
export function partsBefore(parts: readonly TextPart[], at: number): TextPart[] {
  const before: TextPart[] = []
  let start = 0
  for (const part of parts) {
    const end = start + part.text.length
    if (end <= at) before.push(part)
    else {
      if (!part.href && !part.mention) before.push({ ...part, text: part.text.slice(0, at - start) })
      else if (before.length === 0) before.push(part)
      break
    }
    start = end
  }
  return before
}
