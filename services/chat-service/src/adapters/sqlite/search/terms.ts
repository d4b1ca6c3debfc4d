import { wordsOf } from '@bigtech/kernel'

/**
 * Text as terms of FTS5, whose own tokenizer knows neither parts of Korean words nor symbols: overlapping pairs of characters
 * (`안녕하세요` → `안녕 녕하 하세 세요`), so that any part of two characters and more is the phrase of its pairs, and single
 * characters, each once, for what is looked up by one.
 */

const TOKEN = /^[\p{L}\p{N}]+$/u

/** FTS5 separates at anything but letters and digits: those are spelled as their code points, longer than any other term. */
const term = (characters: string): string =>
  TOKEN.test(characters)
    ? characters
    : [...characters].map((character) => `x${character.codePointAt(0)!.toString(16).padStart(5, '0')}`).join('')

function pairsOf(word: string): string[] {
  const characters = [...word]
  return characters.slice(1).map((character, i) => term(characters[i]! + character))
}

/** @param text folded (foldText) @returns the columns `pairs` and `singles` of the index */
export function toTerms(text: string): { pairs: string; singles: string } {
  const words = wordsOf(text)
  return {
    pairs: words.flatMap(pairsOf).join(' '),
    singles: [...new Set(words.join(''))].map(term).join(' '),
  }
}

/** FTS5 query: one of the rooms, and all words. Terms hold letters and digits only, so quoting is safe. */
export function ftsQuery(words: readonly string[], roomIds: readonly number[]): string {
  const rooms = roomIds.map((id) => `"${roomToken(id)}"`).join(' OR ')
  const wanted = words.map((word) => {
    const pairs = pairsOf(word)
    return pairs.length > 0 ? `pairs : "${pairs.join(' ')}"` : `singles : "${term(word)}"`
  })
  return [`room : (${rooms})`, ...wanted].join(' AND ')
}

export const roomToken = (roomId: number): string => `room${roomId}`
