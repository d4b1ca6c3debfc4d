import { foldText, type Mention } from '@bigtech/client'
import { find } from 'linkifyjs'

export type TextPart = { text: string; href?: string; mark?: boolean; mention?: Mention }

/**
 * A message cut into plain text, links and whom it calls. Only web and mail addresses become links; everything stays text. Of a link and a mention in one
 * place (https://example.com/@name, @some.name) the one that begins first is shown.
 */
export function textParts(text: string, mentions: readonly Mention[] = []): TextPart[] {
  const links = find(text)
    .filter(({ type, href }) => type === 'email' || /^https?:\/\//i.test(href))
    .map(({ start, end, href }) => ({ start, end, href }))
  const calls = mentions.map((mention) => ({ start: mention.offset, end: mention.offset + mention.length, mention }))
  const parts: TextPart[] = []
  let at = 0
  for (const { start, end, ...shown } of [...calls, ...links].sort((a, b) => a.start - b.start)) {
    if (start < at) continue
    if (start > at) parts.push({ text: text.slice(at, start) })
    parts.push({ text: text.slice(start, end), ...shown })
    at = end
  }
  if (at < text.length) parts.push({ text: text.slice(at) })
  return parts
}

/**
 * The places of words one searched for. They are folded, as the server compares them: what is marked is the text as it was
 * written (`Café` for `cafe`).
 */
export function markedParts(text: string, words: readonly string[]): TextPart[] {
  const { folded, places } = foldWithPlaces(text)
  const marked = new Set<number>()
  for (const word of words.filter(Boolean))
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1))
      for (let i = at; i < at + word.length; i++) marked.add(places[i]!)
  const parts: TextPart[] = []
  for (const { segment, index } of LETTERS.segment(text)) {
    const last = parts.at(-1)
    const mark = marked.has(index)
    if (last && (last.mark ?? false) === mark) last.text += segment
    else parts.push(mark ? { text: segment, mark } : { text: segment })
  }
  return parts
}

const LETTERS = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** A text as it is compared, and for each of its characters where the letter began that it came from. */
function foldWithPlaces(text: string): { folded: string; places: number[] } {
  let folded = ''
  const places: number[] = []
  for (const { segment, index } of LETTERS.segment(text)) {
    const part = foldText(segment)
    folded += part
    for (let i = 0; i < part.length; i++) places.push(index)
  }
  return { folded, places }
}

/** The part of a long text around the first of the words. */
export function excerpt(text: string, words: readonly string[], length = 120): string {
  const { folded, places } = foldWithPlaces(text)
  const found = words.map((word) => folded.indexOf(word)).filter((at) => at >= 0)
  const at = found.length > 0 ? places[Math.min(...found)]! : 0
  return at > 40 ? `…${text.slice(at - 20, at - 20 + length)}` : text.slice(0, length)
}

/** One or two or three emoji and nothing else are shown large. */
export const isOnlyEmoji = (text: string): boolean =>
  /^(?:\p{RI}{2}|\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F?)(?:\p{EMod}|\u200D\p{Extended_Pictographic}\uFE0F?|\s|\p{RI}{2}|\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F?){0,8}$/u.test(
    text,
  )
