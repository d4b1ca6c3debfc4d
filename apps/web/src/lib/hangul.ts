const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const FINALS = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'
/** Two consonants that keyboards write as one sign. */
const DOUBLE: Readonly<Record<string, string>> = {
  ㄳ: 'ㄱㅅ',
  ㄵ: 'ㄴㅈ',
  ㄶ: 'ㄴㅎ',
  ㄺ: 'ㄹㄱ',
  ㄻ: 'ㄹㅁ',
  ㄼ: 'ㄹㅂ',
  ㄽ: 'ㄹㅅ',
  ㄾ: 'ㄹㅌ',
  ㄿ: 'ㄹㅍ',
  ㅀ: 'ㄹㅎ',
  ㅄ: 'ㅂㅅ',
}
/** Vowels, by their number, that others begin with (ㅗ: ㅘ, ㅙ, ㅚ), and how many follow them. */
const OPEN_VOWELS: ReadonlyMap<number, number> = new Map([
  [8, 3],
  [13, 3],
  [18, 1],
])
const FIRST = 0xac00
const LAST = 0xd7a3
const SYLLABLES_PER_VOWEL = 28
const SYLLABLES_PER_INITIAL = 21 * SYLLABLES_PER_VOWEL

const isSyllable = (code: number): boolean => code >= FIRST && code <= LAST
const initialOf = (char: string): string => {
  const code = char.charCodeAt(0)
  return isSyllable(code) ? INITIALS[Math.floor((code - FIRST) / SYLLABLES_PER_INITIAL)]! : char
}
const folded = (text: string): string => text.toLowerCase().normalize('NFC')
const inSingles = (text: string): string => text.replace(/[ㄳㄵㄶㄺ-ㅀㅄ]/g, (pair) => DOUBLE[pair] ?? pair)

/** Whether a name holds what was typed; consonants alone stand for the syllables they begin (ㄱㅁ finds 김민수). */
export function nameMatches(name: string, typed: string): boolean {
  const wanted = folded(typed.trim())
  if (!wanted) return true
  const whole = folded(name)
  if (whole.includes(wanted)) return true
  const initials = inSingles(wanted)
  return [...initials].every((char) => INITIALS.includes(char)) && [...whole].map(initialOf).join('').includes(initials)
}

/** The same of what is being typed, whose last syllable may be on its way to another: 김민ㅅ, 김미, 김밍 (김미여) all find theirs. */
export function nameMatchesSoFar(name: string, typed: string): boolean {
  const whole = folded(name)
  return (
    nameMatches(name, typed) || Array.from(whole, (_, at) => whole.slice(at)).some((rest) => nameBegins(rest, typed))
  )
}

/** Whether a name begins so, or may as one types on. */
export function nameBegins(name: string, typed: string): boolean {
  const [whole, wanted] = [folded(name), folded(typed)]
  if (whole.startsWith(wanted)) return true
  const before = wanted.slice(0, -1)
  if (whole.startsWith(before) && becomes(wanted.at(-1)!, whole.slice(before.length))) return true
  const initials = inSingles(wanted)
  return (
    [...initials].every((char) => INITIALS.includes(char)) && [...whole].map(initialOf).join('').startsWith(initials)
  )
}

/** Whether a text begins with what a last letter may become as one types on. */
function becomes(letter: string, text: string): boolean {
  const [code, first] = [letter.charCodeAt(0), text.charCodeAt(0)]
  if (INITIALS.includes(letter)) return initialOf(text.charAt(0)) === letter
  if (!isSyllable(code) || !isSyllable(first)) return false
  const final = (code - FIRST) % SYLLABLES_PER_VOWEL
  if (final === 0) {
    const vowels =
      1 + (OPEN_VOWELS.get(Math.floor(((code - FIRST) % SYLLABLES_PER_INITIAL) / SYLLABLES_PER_VOWEL)) ?? 0)
    return first >= code && first < code + vowels * SYLLABLES_PER_VOWEL
  }
  // The consonant below may belong to the next syllable, or be the first of two.
  const pair = DOUBLE[FINALS[final]!]
  const kept = pair ? FINALS.indexOf(pair[0]!) : 0
  const moved = first === code - final + kept && initialOf(text.charAt(1)) === (pair ? pair[1]! : FINALS[final]!)
  const second = FINALS[first - code + final]
  return (
    moved ||
    (first - code < SYLLABLES_PER_VOWEL - final && second !== undefined && DOUBLE[second]?.[0] === FINALS[final])
  )
}
