export type CharacterErrors = Readonly<{
  /** Characters that are wrong, missing or too many. */
  errors: number
  /** Characters of the reference. */
  of: number
  /** Errors by characters of the reference; above 1 when much was invented. 0 when both are empty. */
  rate: number
}>

/** How far a transcript is from what was said, by characters (a Korean syllable is one). Punctuation, spaces, case and ways of writing the same letter do not count. */
export function characterErrors(said: string, heard: string): CharacterErrors {
  const [reference, hypothesis] = [charactersOf(said), charactersOf(heard)]
  const errors = distance(reference, hypothesis)
  return { errors, of: reference.length, rate: errors === 0 ? 0 : errors / reference.length }
}

const charactersOf = (text: string): string[] => [
  ...text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\p{P}\p{S}\p{Z}\p{C}]/gu, ''),
]

/** Levenshtein's. */
function distance(from: readonly string[], to: readonly string[]): number {
  let above = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of from.entries()) {
    const row = [i + 1]
    for (const [j, other] of to.entries())
      row.push(Math.min(row[j]! + 1, above[j + 1]! + 1, above[j]! + (letter === other ? 0 : 1)))
    above = row
  }
  return above.at(-1)!
}
