import { find } from 'linkifyjs'

export type TextPart = { text: string; href?: string; mark?: boolean }

/** A message cut into plain text and links. Only web and mail addresses become links; everything stays text. */
export function textParts(text: string, marked = ''): TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const { start, end, href, type } of find(text)) {
    if (type !== 'email' && !/^https?:\/\//i.test(href)) continue
    if (start > at) parts.push(...markedParts(text.slice(at, start), marked))
    parts.push({ text: text.slice(start, end), href })
    at = end
  }
  if (at < text.length) parts.push(...markedParts(text.slice(at), marked))
  return parts
}

/** The places of a word one searched for. */
export function markedParts(text: string, word: string): TextPart[] {
  if (!word) return [{ text }]
  const parts: TextPart[] = []
  const [whole, wanted] = [text.toLowerCase(), word.toLowerCase()]
  let at = 0
  for (let next = whole.indexOf(wanted); next >= 0; next = whole.indexOf(wanted, at)) {
    if (next > at) parts.push({ text: text.slice(at, next) })
    parts.push({ text: text.slice(next, next + word.length), mark: true })
    at = next + word.length
  }
  if (at < text.length) parts.push({ text: text.slice(at) })
  return parts
}

/** One or two or three emoji and nothing else are shown large. */
export const isOnlyEmoji = (text: string): boolean =>
  /^(?:\p{RI}{2}|\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F?)(?:\p{EMod}|\u200D\p{Extended_Pictographic}\uFE0F?|\s|\p{RI}{2}|\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F?){0,8}$/u.test(
    text,
  )
