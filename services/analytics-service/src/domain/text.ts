/** What is kept of a text: how long it is, what it is written in, and how many people it calls. The text itself is not. */
export type TextTraits = Readonly<{ length: number; language: Language; mentions: number }>

/**
 * By the script that most letters are of: nothing more can be told of three syllables, and no text has to be kept for it. `latin` is any
 * language written so; `none` has no letters (numbers, emoji).
 */
export const LANGUAGES = ['none', 'ko', 'latin', 'ja', 'zh', 'other'] as const
export type Language = (typeof LANGUAGES)[number]

/** Letters that are looked at: the script of a long text shows early. */
const LOOKED_AT = 400
const MENTION = /(?:^|[^\p{L}\p{N}@])@[\p{L}\p{N}_]+/gu

/** @returns `length` in characters as people count them (code points) */
export function traitsOf(text: string): TextTraits {
  const mentions = text.includes('@') ? (text.match(MENTION)?.length ?? 0) : 0
  return { length: lengthOf(text), language: languageOf(text), mentions }
}

function lengthOf(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length - 1; i++) if (isHighSurrogate(text, i) && isLowSurrogate(text, i + 1)) length--
  return length
}

const isHighSurrogate = (text: string, i: number) => (text.charCodeAt(i) & 0xfc00) === 0xd800
const isLowSurrogate = (text: string, i: number) => (text.charCodeAt(i) & 0xfc00) === 0xdc00

export function languageOf(text: string): Language {
  let [hangul, latin, kana, han, other] = [0, 0, 0, 0, 0]
  for (let i = 0; i < text.length && i < LOOKED_AT; i++) {
    const code = text.charCodeAt(i)
    if ((code >= 0xac00 && code <= 0xd7a3) || (code >= 0x1100 && code <= 0x11ff) || (code >= 0x3130 && code <= 0x318f))
      hangul++
    else if ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a) latin++
    else if (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7) latin++
    else if (code >= 0x3040 && code <= 0x30ff) kana++
    else if ((code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf)) han++
    else if (code >= 0x250 && code < 0xd800 && LETTER.test(text[i]!)) other++
  }
  const most = Math.max(hangul, latin, kana + han, other)
  if (most === 0) return 'none'
  if (hangul === most) return 'ko'
  // Japanese is written with both; Chinese has no kana.
  if (kana + han === most) return kana > 0 ? 'ja' : 'zh'
  return latin === most ? 'latin' : 'other'
}

const LETTER = /\p{L}/u
