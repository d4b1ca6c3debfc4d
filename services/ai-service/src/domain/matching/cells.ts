/**
 * A text as the rules read it. Every letter is one cell, so that spacing, composition (NFC, NFD), half-width and full-width forms and capital letters make no
 * difference to what is found, and each cell knows where it stands in the text it came from.
 */
export type Cells = Readonly<{
  /** A character a cell: a composed syllable, a small Latin letter or a digit; ` ` between words; `.`, `?`, `,` or a line's end where a phrase ends. */
  line: string
  /** Where the cell begins in the text, in UTF-16 code units. */
  from: Uint32Array
  /** Where it ends there; not included. */
  to: Uint32Array
}>

const SYLLABLES = 0xac00
const LAST_SYLLABLE = 0xd7a3
const FINALS_A_VOWEL = 28
const VOWELS = 21
const L0 = 0x1100
const V0 = 0x1161
const T0 = 0x11a7
/** Of each initial consonant the same letter as a final one; 0: it is never final (ㄸ, ㅃ, ㅉ). */
const FINAL_OF_INITIAL = [1, 2, 4, 7, 0, 8, 16, 17, 0, 19, 20, 21, 22, 0, 23, 24, 25, 26, 27]

export const isSyllable = (code: number): boolean => code >= SYLLABLES && code <= LAST_SYLLABLE

/** The letters of a composed syllable; `final` is 0 where there is none. */
export const lettersOf = (code: number): Readonly<{ initial: number; vowel: number; final: number }> => {
  const index = code - SYLLABLES
  return {
    initial: Math.floor(index / (VOWELS * FINALS_A_VOWEL)),
    vowel: Math.floor(index / FINALS_A_VOWEL) % VOWELS,
    final: index % FINALS_A_VOWEL,
  }
}

const initialOf = (code: number): number => (code >= L0 && code < L0 + 19 ? code - L0 : -1)
const vowelOf = (code: number): number => (code >= V0 && code < V0 + VOWELS ? code - V0 : -1)

/** Letters that have a plain form: Hangul letters by themselves, full and half width, Latin ones with accents. */
const hasPlainForm = (code: number): boolean =>
  (code >= 0x3130 && code < 0x3190) || (code >= 0xff00 && code < 0xfff0) || (code >= 0xc0 && code < 0x250)

const plainForms = new Map<number, readonly number[]>()
const plainFormOf = (code: number): readonly number[] => {
  let parts = plainForms.get(code)
  if (parts === undefined) {
    parts = [...String.fromCodePoint(code).normalize('NFKD').toLowerCase()].map((part) => part.codePointAt(0)!)
    plainForms.set(code, parts)
  }
  return parts
}

/** Characters in their plain forms, and where each comes from. */
type Units = Readonly<{ codes: readonly number[]; from: readonly number[]; to: readonly number[] }>

function unitsOf(text: string): Units {
  const codes: number[] = []
  const from: number[] = []
  const to: number[] = []
  const put = (code: number, at: number, end: number) => {
    codes.push(code)
    from.push(at)
    to.push(end)
  }
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at)!
    const end = at + (code > 0xffff ? 2 : 1)
    if (code >= 0x41 && code <= 0x5a) put(code + 0x20, at, end)
    else if (hasPlainForm(code)) for (const part of plainFormOf(code)) put(part, at, end)
    else put(code, at, end)
    at = end
  }
  return { codes, from, to }
}

/** Of a syllable typed or stored letter by letter (NFD, half width, ㅈㅜㄱ) its final letter, 0 without one; -1: `at` begins no such syllable. */
function finalOfLetters(codes: readonly number[], at: number): number {
  if (initialOf(codes[at]!) < 0 || vowelOf(codes[at + 1] ?? 0) < 0) return -1
  const third = codes[at + 2] ?? 0
  if (third > T0 && third < T0 + FINALS_A_VOWEL) return third - T0
  const startsAnother = vowelOf(codes[at + 3] ?? 0) >= 0
  return initialOf(third) < 0 || startsAnother ? 0 : FINAL_OF_INITIAL[initialOf(third)]!
}

const isLetter = (code: number): boolean =>
  isSyllable(code) || (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39) || (code >= L0 && code < 0x1200)

const codesOf = (marks: string): Set<number> => new Set([...marks].map((mark) => mark.codePointAt(0)!))
/** Stand inside words, or between the syllables of words that somebody hides: no cells of their own. */
const JOINS = codesOf("'’‘`·*~^_\u00ad\u200b\u200c\u200d\ufeff")
const isCombining = (code: number): boolean => code >= 0x300 && code < 0x370
const SPACE = 0x20
const MARKS = new Map<number, number>(
  Object.entries({ '.': '.…。!;:', '?': '?', ',': ',、()[]"“”/', '\n': '\n\r' }).flatMap(([mark, all]) =>
    [...codesOf(all)].map((code) => [code, mark.charCodeAt(0)] as const),
  ),
)
const MARK_CODES = new Set(MARKS.values())
const CHUNK = 8192

export function cellsOf(text: string): Cells {
  const { codes, from: unitFrom, to: unitTo } = unitsOf(text)
  const line = new Uint16Array(codes.length)
  const from = new Uint32Array(codes.length)
  const to = new Uint32Array(codes.length)
  let length = 0
  const put = (cell: number, first: number, last: number) => {
    line[length] = cell
    from[length] = unitFrom[first]!
    to[length] = unitTo[last]!
    length++
  }
  const letter = (at: number) => isLetter(codes[at] ?? 0)
  /** The dots of 죽.고.싶.다 hide a word and end no sentence: one letter on either side. */
  const hides = (at: number) => letter(at - 1) && !letter(at - 2) && letter(at + 1) && !letter(at + 2)
  for (let at = 0; at < codes.length;) {
    const code = codes[at]!
    const final = finalOfLetters(codes, at)
    const mark = MARKS.get(code)
    const before = length === 0 ? SPACE : line[length - 1]!
    const used = final < 0 ? 1 : final === 0 ? 2 : 3
    if (final >= 0) {
      const syllable = (initialOf(code) * VOWELS + vowelOf(codes[at + 1]!)) * FINALS_A_VOWEL + final
      put(SYLLABLES + syllable, at, at + used - 1)
    } else if (isLetter(code)) put(code, at, at)
    else if (mark !== undefined && !hides(at)) {
      if (before === SPACE && length > 0) length--
      put(mark, at, at)
    } else if (mark === undefined && !JOINS.has(code) && !isCombining(code))
      if (before !== SPACE && !MARK_CODES.has(before)) put(SPACE, at, at)
    at += used
  }
  let joined = ''
  for (let at = 0; at < length; at += CHUNK)
    joined += String.fromCharCode(...line.subarray(at, Math.min(length, at + CHUNK)))
  return { line: joined, from: from.subarray(0, length), to: to.subarray(0, length) }
}

export const isMark = (cell: string): boolean => cell === '.' || cell === '?' || cell === ',' || cell === '\n'
