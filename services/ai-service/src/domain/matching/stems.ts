import { isSyllable, lettersOf } from './cells.ts'

/**
 * One way a word of the lexicon can begin in a text, letter by letter. An `open` one is a stem: its last syllable may take a final consonant (`가` also in `간`,
 * `갔`) and endings follow. One that is not open has to end with its syllable.
 */
export type Spelling = Readonly<{ letters: readonly number[]; open: boolean }>

const VOWEL = { a: 0, ae: 1, ya: 2, eo: 4, e: 5, yeo: 6, o: 8, wa: 9, oe: 11, u: 13, wo: 14, eu: 18, i: 20 } as const
const INITIAL_R = 5
const INITIAL_NONE = 11
const INITIAL_B = 7
const FINAL = { n: 4, r: 8, b: 17, ss: 20 } as const
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
  ['없', ['없', '업서', '업써', '업스', '업다', '업네', '업는', '업고', '읎', '엄써', '엄따', '엄는', '음써']],
  ['싶', ['싶', '십', '시프', '시퍼', '시픔', '시푸', '시포']],
  ['않', ['않', '안아', '안어', '안네', '안습', '안는', '안타', '안고']],
  ['깜빡', ['깜빡', '깜박']],
  ['힘들', ['힘들', '심들']],
  ['겠', ['겠', '겄', '것', '겟', '갔']],
  ['좋', ['좋', '조켔', '조캤', '조켓', '조으']],
  ['귀찮', ['귀찮', '귀찬', '구찮', '구찬']],
  ['싫', ['싫', '실타', '시러', '실어', '실코', '싫코', '실네']],
  ['먹', ['먹', '묵']],
  ['아무것', ['아무것', '암것', '아무껏', '암껏', '아모것']],
  ['자꾸', ['자꾸', '자꼬', '작꾸']],
  ['데려', ['데려', '델꼬', '데불', '델다']],
  ['누워', ['누워', '누버', '누어']],
]
/** 죽고 싶다 also as 죽구 싶다, and as 죽고 잡다 in Jeolla, 죽구정 하다 in Jeju. */
const WISHED = ['싶', '잡', '자프', '자퍼', '정하', '정해', '정허']

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
    // 외로버, 무서버: ㅂ stays in Gyeongsang.
    const kept = [...base.slice(0, -1), initialLetter(INITIAL_B)]
    const forms = [
      ...[VOWEL.u, VOWEL.wo, VOWEL.wa].map((v) => [...base, vowelLetter(v)]),
      ...[VOWEL.a, VOWEL.eo].map((v) => [...kept, vowelLetter(v)]),
    ]
    return [plain, ...forms.map((letters) => ({ letters, open: true }))]
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

/** What follows the stem of a verb, by the final consonant that it takes before: 가면, 간다, 갈게, 갔-, 갑니다. 가게 and 가지 are no forms of 가다 here: they are other words too often. */
const ENDINGS: readonly (readonly [final: number, endings: readonly string[]])[] = [
  [
    0,
    [
      ...'고구네니는려러면며야자',
      '거든',
      '거라',
      '기싫',
      '나봐',
      '나요',
      '던',
      '더니',
      '더라',
      '련다',
      '지도',
      '지를',
      '질',
      '지않',
      '지못',
      '지말',
    ],
  ],
  [FINAL.n, ['다', '단', '대', '답']],
  [FINAL.r, [...'게래거까께란라련것건걸꺼수텐테때준날', '랍']],
  [FINAL.b, ['니', '시']],
  [FINAL.ss, ['']],
]
/** 와요, 와서, 와 버린: after the vowel that a stem contracts to. */
const AFTER_CONTRACTION = ['요', '서', '도', '야', '버', '삐', '뿌', '쓰']

/** A verb whose stem ends in a vowel, with its endings only: `가-` is in 가고, 갈래 and 갔어, and neither in 가을 nor in 가족. */
function verb(stem: string): Spelling[] {
  const letters = lettersOfWord(stem)
  const tails = (head: readonly number[], final: number, endings: readonly string[]): Spelling[] =>
    endings.map((ending) => ({
      letters: [...head, ...(final === 0 ? [] : [finalLetter(final)]), ...lettersOfWord(ending)],
      open: false,
    }))
  const plain = ENDINGS.flatMap(([final, endings]) => tails(letters, final, endings))
  const contracted = conjugate(stem)
    .slice(1)
    .map((spelling) => spelling.letters)
  const after = [letters, ...contracted].flatMap((head) => tails(head, 0, AFTER_CONTRACTION))
  return [...plain, ...after, ...contracted.flatMap((head) => tails(head, FINAL.ss, ['']))]
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

/** Each way a word may be written; with `~` it is a stem, with `-` one of a verb, `+` joins words that stand side by side. */
export function spellingsOf(word: string): Spelling[] {
  const parts = word.split('+')
  const stem = word.endsWith('~')
  const last = parts.pop()!.replace(/[~-]/, '')
  // A stem in the middle stands as it is written: what is joined to it is its ending.
  const before = parts.reduce(
    (heads, part) => heads.flatMap((head) => written(part.replace('~', '')).map((each) => head + each)),
    [''],
  )
  if (word.endsWith('-')) return before.flatMap((head) => written(last).flatMap((each) => verb(head + each)))
  const ways = (head: string): readonly string[] => {
    if (parts.length === 0 && last === '안') return [last]
    return last === '싶' && head.endsWith('고') ? [...written(last), ...WISHED] : written(last)
  }
  return before
    .flatMap((head) => (last === '싶' && head.endsWith('고') ? [head, `${head.slice(0, -1)}구`] : [head]))
    .flatMap((head) =>
      ways(head.replace(/구$/, '고')).flatMap((each) =>
        stem ? conjugate(head + each) : [{ letters: lettersOfWord(head + each), open: false }],
      ),
    )
}
