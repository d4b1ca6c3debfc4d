import { dictionary, adjacencyGraphs as graphs } from '@zxcvbn-ts/language-common'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'

const SHORTEST = 8
/** Of zxcvbn: below it, a million guesses or fewer find the password. */
const LEAST_SCORE = 2
/** What follows a common password and is longer is more than an ornament. It also bounds the work of one estimate. */
const LONGEST_TAIL = 8

/** `password1!` → `password`, `12345678!` → `12345678` */
const TAILS = [/[^\p{L}]+$/u, /[^\p{L}\p{N}]+$/u]

const LIST = dictionary['passwords-common']
const common: ReadonlySet<string> = new Set(LIST)
const estimator = new ZxcvbnFactory({ graphs, dictionary: { 'passwords-common': LIST } })

/**
 * A password of zxcvbn's list, as far as it is long enough to be taken, and one that only puts digits and symbols behind a password of
 * the list, where zxcvbn's estimate says that this helps little. Case does not matter: each is judged as if it were written in small letters
 * with a capital first one, which is how most people would spell it and worth a factor of two to the estimate. So `test1234!@` is as good as
 * `Test1234!@`, and `PASSWORD1!` as bad as `Password1!`.
 */
export function isCommon(password: string): boolean {
  const folded = password.toLowerCase()
  if (folded.length >= SHORTEST && common.has(folded)) return true
  const isOrnamented = TAILS.map((tail) => folded.replace(tail, '')).some(
    (stem) => folded.length - stem.length <= LONGEST_TAIL && common.has(stem),
  )
  return isOrnamented && estimator.check(folded.charAt(0).toUpperCase() + folded.slice(1)).score < LEAST_SCORE
}
