/** What people type and others see: after PRECIS (RFC 8264, 8266) and UTS #39, as far as a messenger needs them. */

/** Nothing of it is seen: blanks, controls, format and default-ignorable characters (Hangul fillers are such), the empty Braille cell. */
const UNSEEN = String.raw`\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800`
const SEEN = new RegExp(`[^${UNSEEN}]`, 'u')

export const isBlank = (text: string): boolean => !SEEN.test(text)

/** A text as it is looked for: without what nobody sees or could have meant to type. */
export const withoutInvisible = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')

/** Emoji may hold joiners and variation selectors, which are ignorable elsewhere. */
const EMOJI = /\p{RGI_Emoji}|\p{Emoji}[\u{fe0e}\u{fe0f}]/gv
const NOT_PLAIN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
/** Vietnamese, Thai and pointed Hebrew need two or three on a letter. */
const STACKED_MARKS = /\p{M}{4,}/u

/** One line in which nothing is hidden, turned around or piled up. */
export function isPlainText(text: string): boolean {
  const bare = text.normalize('NFC').replaceAll(EMOJI, ' ')
  return !NOT_PLAIN.test(bare) && !STACKED_MARKS.test(bare)
}

/** Exactly one emoji that is recommended for general interchange. */
export const isEmoji = (text: string): boolean => /^\p{RGI_Emoji}$/v.test(text)

/** Written together in one name, and hardly mistaken for each other. */
const TOGETHER = ['Latin', 'Han', 'Hangul', 'Hiragana', 'Katakana', 'Bopomofo']
/** The other scripts in everyday use (UAX #31, table 5), each for itself: Cyrillic among Latin letters is a disguise. */
const ALONE =
  'Arabic Armenian Bengali Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Hebrew Kannada Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan'
const WRITINGS = [TOGETHER, ...ALONE.split(' ').map((script) => [script])].map(
  (scripts) =>
    new RegExp(`^[\\p{sc=Common}\\p{sc=Inherited}${scripts.map((script) => `\\p{sc=${script}}`).join('')}]*$`, 'u'),
)

export const isOneWriting = (text: string): boolean => WRITINGS.some((writing) => writing.test(text))

/** ㅋㅋ and the like: people write them by themselves, though they decompose. U+3164 is the invisible filler. */
const HANGUL_LETTERS = /[\u3131-\u3163\u3165-\u318e]/g

/** Whether it has none of the letters that are another letter in disguise: full-width, circled, mathematical ones. */
export function hasNoVariants(text: string): boolean {
  const others = text.normalize('NFC').replaceAll(HANGUL_LETTERS, '')
  return others === others.normalize('NFKC')
}
