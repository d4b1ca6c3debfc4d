import { isSyllable, lettersOf } from './cells.ts'

/**
 * One way a word of the lexicon can begin in a text, letter by letter. An `open` one is a stem: its last syllable may take a final consonant (`가` also in `간`,
 * `갔`) and endings follow. One that is not open has to end with its syllable.
 */
export type Spelling = Readonly<{ letters: readonly number[]; open: boolean }>

const VOWEL = { a: 0, ae: 1, ya: 2, eo: 4, e: 5, yeo: 6, o: 8, wa: 9, oe: 11, u: 13, wo: 14, eu: 18, i: 20 } as const
const INITIAL_R = 5
const INITIAL_NONE = 11
const FINAL = { n: 4, r: 8, b: 17 } as const
/** A stem's ㄹ is not said before these (힘드는, 힘드세요), nor before ㄴ and ㅂ in its own syllable (힘든, 힘듭니다). */
const R_DROPS_BEFORE = '는네니나시세셔'

/** Heard alike and typed alike: ㅔ as ㅐ, ㅖ as ㅒ, ㅙ and ㅞ as ㅚ. */
const HEARD = new Map([
  [5, 1],
  [7, 3],
  [10, 11],
  [15, 11],
])

/** Numbers that do not meet: initials from 0, vowels from 100, finals from 200, other characters (Latin, loose letters) from 1000. */
const initialLetter = (index: number): number => index
const vowelLetter = (index: number): number => 100 + (HEARD.get(index) ?? index)
const finalLetter = (index: number): number => 200 + index

const separate = (code: number): readonly number[] => {
  if (!isSyllable(code)) return [1000 + code]
  const { initial, vowel, final } = lettersOf(code)
  const letters = [initialLetter(initial), vowelLetter(vowel)]
  return final === 0 ? letters : [...letters, finalLetter(final)]
}

const separated = new Map<number, readonly number[]>()

/** The letters of one cell; 2 or 3 of a syllable, 1 of everything else. */
export function lettersOfCell(code: number): readonly number[] {
  let letters = separated.get(code)
  if (letters === undefined) separated.set(code, (letters = separate(code)))
  return letters
}

const lettersOfWord = (word: string): number[] => [...word].flatMap((cell) => lettersOfCell(cell.codePointAt(0)!))

/** How people write some words besides the way of the dictionary: by ear, in dialect, in haste. */
const WRITTEN: readonly (readonly [string, readonly string[]])[] = [
  ['없', ['없', '업서', '업써', '업스', '업다', '업네', '업는', '업고']],
  ['싶', ['싶', '십', '시프', '시퍼', '시픔']],
  ['않', ['않', '안아', '안어', '안네', '안습', '안는', '안타', '안고']],
  ['깜빡', ['깜빡', '깜박']],
  ['힘들', ['힘들', '심들']],
]

/** Spellings of a stem whose vowel contracts or whose consonant changes before endings: 외롭- 외로우- 외로워, 아프- 아파, 모르- 몰라. */
function conjugate(stem: string): Spelling[] {
  const head = lettersOfWord(stem.slice(0, -1))
  const code = stem.codePointAt(stem.length - 1)!
  const plain: Spelling = { letters: [...head, ...lettersOfCell(code)], open: true }
  if (!isSyllable(code)) return [plain]
  const { initial, vowel, final } = lettersOf(code)
  const changed = (vowels: readonly number[]): Spelling[] =>
    vowels.map((index) => ({ letters: [...head, initialLetter(initial), vowelLetter(index)], open: true }))
  if (final === FINAL.b) {
    const base = [...head, initialLetter(initial), vowelLetter(vowel), initialLetter(INITIAL_NONE)]
    return [plain, ...[VOWEL.u, VOWEL.wo, VOWEL.wa].map((v) => ({ letters: [...base, vowelLetter(v)], open: true }))]
  }
  if (final === FINAL.r) {
    const base = String.fromCodePoint(code - FINAL.r)
    const dropped = [...R_DROPS_BEFORE].map((next) => lettersOfWord(stem.slice(0, -1) + base + next))
    const closed = [FINAL.n, FINAL.b].map((index) => [...head, ...lettersOfCell(code - FINAL.r), finalLetter(index)])
    return [plain, ...[...dropped, ...closed].map((letters) => ({ letters, open: true }))]
  }
  if (final !== 0) return [plain]
  if (stem.endsWith('하')) return [plain, ...changed([VOWEL.ae, VOWEL.yeo, VOWEL.eo])]
  if (stem.endsWith('르')) {
    const before = stem.codePointAt(stem.length - 2)!
    const doubled = [...lettersOfWord(stem.slice(0, -2)), ...lettersOfCell(before), finalLetter(FINAL.r)]
    return [
      plain,
      ...[VOWEL.a, VOWEL.eo].map((v) => ({ letters: [...doubled, INITIAL_R, vowelLetter(v)], open: true })),
    ]
  }
  if (vowel === VOWEL.eu) return [plain, ...changed([VOWEL.a, VOWEL.eo])]
  if (vowel === VOWEL.i) return [plain, ...changed([VOWEL.yeo])]
  if (vowel === VOWEL.o) return [plain, ...changed([VOWEL.wa])]
  if (vowel === VOWEL.u) return [plain, ...changed([VOWEL.wo])]
  return [plain]
}

/** Whole words that are mixed up, or said otherwise in Gyeongsang. */
const WORDS = new Map([
  ['안', ['안', '않']],
  ['못', ['못', '몬', '몾']],
])

const written = (word: string): string[] =>
  WORDS.get(word) ??
  WRITTEN.reduce(
    (words, [usual, others]) =>
      words.flatMap((each) => (each.includes(usual) ? others.map((other) => each.replaceAll(usual, other)) : [each])),
    [word],
  )

/** Each way a word may be written; with `~` it is a stem, `+` joins words that stand side by side. */
export function spellingsOf(word: string): Spelling[] {
  const parts = word.split('+')
  const stem = word.endsWith('~')
  const last = parts.pop()!.replace('~', '')
  // A stem in the middle stands as it is written: what is joined to it is its ending.
  const before = parts.reduce(
    (heads, part) => heads.flatMap((head) => written(part.replace('~', '')).map((each) => head + each)),
    [''],
  )
  return before.flatMap((head) =>
    (parts.length === 0 && last === '안' ? [last] : written(last)).flatMap((each) =>
      stem ? conjugate(head + each) : [{ letters: lettersOfWord(head + each), open: false }],
    ),
  )
}
