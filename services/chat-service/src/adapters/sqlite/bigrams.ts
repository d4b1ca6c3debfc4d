/**
 * Text as overlapping pairs of characters, so that FTS5 finds Korean substrings from two syllables on:
 * `안녕하세요` → `안녕 녕하 하세 세요`. A search for a word is the phrase of its pairs.
 */

/** Equal for text that looks equal: NFC, lower case. */
export const normalise = (text: string): string => text.normalize('NFC').toLowerCase()

const RUN = /[\p{L}\p{N}]+/gu

export function toBigrams(text: string): string {
  const pairs: string[] = []
  for (const [run] of normalise(text).matchAll(RUN)) {
    const characters = [...run]
    if (characters.length === 1) pairs.push(run)
    for (let i = 0; i + 1 < characters.length; i++) pairs.push(characters[i]! + characters[i + 1]!)
  }
  return pairs.join(' ')
}

/** FTS5 query: rooms and all words. Tokens hold letters and digits only, so quoting is safe. */
export function ftsQuery(words: readonly string[], roomIds: readonly number[]): string {
  const rooms = roomIds.map((id) => `"${roomToken(id)}"`).join(' OR ')
  const body = words.map((word) => `"${toBigrams(word)}"`).join(' AND ')
  return `room : (${rooms}) AND body : (${body})`
}

/** A token no bigram can be. */
export const roomToken = (roomId: number): string => `room${roomId}`
