/** What a text is to a search, on the server and where its hits are marked. */

/** Hangul of single letters (ㅋㅋ): Unicode's own folding would join them to syllables. */
const PARTS = /[^\u3131-\u318e]+/gu
const PLAIN = /^[\n\x20-\x7e가-힣ㄱ-ㅣ]*$/
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800]/gu
/** Of Latin, Greek and Cyrillic. Marks of other scripts are letters of their own: か is not が. */
const ACCENTS = /[\u0300-\u036f]/g

const withoutAccents = (text: string): string => text.normalize('NFKD').replace(ACCENTS, '').normalize('NFC')

/** Equal for texts that a search takes for equal: `café`, `CAFE` and `ｃａｆｅ`; composed and decomposed Hangul; with and without joiners. */
export const foldText = (text: string): string =>
  PLAIN.test(text) ? text.toLowerCase() : text.replace(INVISIBLE, '').replace(PARTS, withoutAccents).toLowerCase()

/** Letters, digits, symbols and emoji, and of the punctuation what names are made with (C#, @me, 100%). The rest separates. */
const WORD = /[\p{L}\p{N}\p{M}\p{S}#@%&*]+/gu

/** @param folded a text that was folded */
export const wordsOf = (folded: string): string[] => [...folded.matchAll(WORD)].map(([word]) => word)

/** What a query looks for, each once: a message is found when it holds all of them. None for blanks and what cannot be seen. */
export const searchWords = (query: string): string[] => [...new Set(wordsOf(foldText(query)))]
