import { wordsOf } from '@bigtech/kernel'

/**
 * Text as terms of a table whose key begins with room and term: the overlapping pairs of characters of each word, and its last character alone. So any part
 * of two characters is a term, and a single character is one or begins one.
 * @param text folded (foldText)
 */
export function termsOf(text: string): Set<string> {
  const terms = new Set<string>()
  for (const word of wordsOf(text)) {
    const characters = [...word]
    for (const [i, character] of characters.entries()) terms.add(character + (characters[i + 1] ?? ''))
  }
  return terms
}

/** More terms find no fewer candidates than these, about. */
const MAX_WANTED = 6

export type Wanted = Readonly<{ from: Buffer; below: Buffer | undefined }>

/**
 * What every message that holds all the words has: terms (`below` undefined), or something that begins like one. Not all of them: the text
 * decides anyway. Terms come before beginnings.
 */
export function wantedBy(words: readonly string[]): Wanted[] {
  const pairs = words.flatMap((word) => {
    const characters = [...word]
    return characters.slice(1).map((character, i) => characters[i]! + character)
  })
  const singles = words.filter((word) => [...word].length === 1)
  return [
    ...spread([...new Set(pairs)]).map((pair) => ({ from: Buffer.from(pair), below: undefined })),
    ...singles.map((single) => ({
      from: Buffer.from(single),
      // No UTF-8 has a byte like the last.
      below: Buffer.concat([Buffer.from(single), Buffer.of(0xff)]),
    })),
  ].slice(0, MAX_WANTED)
}

/** Some of many, from everywhere in them. */
const spread = <T>(all: readonly T[]): T[] =>
  all.length <= MAX_WANTED
    ? [...all]
    : Array.from({ length: MAX_WANTED }, (_, i) => all[Math.floor((i * all.length) / MAX_WANTED)]!)
