import { stripVTControlCharacters } from 'node:util'

const segmenter = new Intl.Segmenter('ko', { granularity: 'grapheme' })

/** East Asian Wide and Fullwidth (UAX #11), as far as chats use them: Hangul, kana, CJK, full-width forms. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/
const EMOJI = /^(\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}|.*\u200d)/u

/** Columns a terminal gives to one visible character, of however many code points. */
function columnsOf(grapheme: string): number {
  if (/^[\p{Cc}\p{Mn}\u200b-\u200f]/u.test(grapheme)) return 0
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1
}

/** Columns of a text without line breaks; colours take none. */
export const displayWidth = (text: string): number =>
  Array.from(segmenter.segment(stripVTControlCharacters(text)), ({ segment }) => columnsOf(segment)).reduce(
    (sum, width) => sum + width,
    0,
  )

export const padDisplay = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)))

/** Breaks a plain text into lines of at most `width` columns, never inside a character. */
export function wrapDisplay(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const { segment } of segmenter.segment(text)) {
    const columns = columnsOf(segment)
    if (used + columns > width && line !== '') {
      lines.push(line)
      line = ''
      used = 0
    }
    line += segment
    used += columns
  }
  return [...lines, line]
}
