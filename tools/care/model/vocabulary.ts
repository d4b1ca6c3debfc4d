/** Words of the English-only models, and texts among them; the others have one more. */
const ENGLISH_WORDS = 51_864
const ENGLISH_TEXTS = 50_256
const END = '<|endoftext|>'

/** GPT-2 writes bytes as letters: those that print as themselves, the others from U+0100 on. */
const BYTES: ReadonlyMap<string, number> = (() => {
  const bytes = new Map<string, number>()
  let others = 0
  for (let byte = 0; byte < 256; byte++) {
    const prints = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
    bytes.set(String.fromCodePoint(prints ? byte : 256 + others++), byte)
  }
  return bytes
})()

/** The texts of the vocabulary as bytes; marks such as those of languages are not written, whisper.cpp knows them. */
export function tokenBytes(vocabulary: string, words: number): Buffer[] {
  const texts = vocabulary.split('\n').slice(0, words === ENGLISH_WORDS ? ENGLISH_TEXTS : ENGLISH_TEXTS + 1)
  return texts.map((text) =>
    text === END ? Buffer.alloc(0) : Buffer.from([...text].map((letter) => BYTES.get(letter)!)),
  )
}
