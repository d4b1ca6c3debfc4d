const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const FIRST = 0xac00
const LAST = 0xd7a3
const SYLLABLES_PER_INITIAL = 21 * 28

const initialOf = (char: string): string => {
  const code = char.charCodeAt(0)
  return code >= FIRST && code <= LAST ? INITIALS[Math.floor((code - FIRST) / SYLLABLES_PER_INITIAL)]! : char
}

/** Whether a name holds what was typed; consonants alone stand for the syllables they begin (ㄱㅁ finds 김민수). */
export function nameMatches(name: string, typed: string): boolean {
  const wanted = typed.trim().toLowerCase().normalize('NFC')
  if (!wanted) return true
  const whole = name.toLowerCase().normalize('NFC')
  if (whole.includes(wanted)) return true
  return [...wanted].every((char) => INITIALS.includes(char)) && [...whole].map(initialOf).join('').includes(wanted)
}
