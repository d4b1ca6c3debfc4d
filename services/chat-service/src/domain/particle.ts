import { josa } from 'es-hangul'

type Pair = Parameters<typeof josa>[1]

/** How ends of words that are not Hangul are read: the particle follows the sound. */
const READ: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from('영일이삼사오육칠팔구', (read, digit) => [String(digit), read])),
  l: '엘',
  m: '엠',
  n: '엔',
  ng: '잉',
}

/** A word with the Korean particle that fits its end: `withParticle('팀', '으로/로')` is 팀으로, of 회의 회의로. */
export function withParticle(word: string, pair: Pair): string {
  // What is not spoken has the particle of an open syllable.
  const spoken = word.replace(/[\p{P}\p{S}\p{Z}\p{M}]+$/u, '') || '가'
  const heard = spoken.replace(/(?:ng|[lmn\d])$/i, (end) => READ[end.toLowerCase()]!)
  return word + josa(heard, pair).slice(heard.length)
}
