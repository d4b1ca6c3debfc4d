import type { ZxcvbnFactory } from '@zxcvbn-ts/core'
import type { CommonPasswords } from '../../ports.ts'

const SHORTEST = 8
/** Of zxcvbn: below it, a million guesses or fewer find the password. */
const LEAST_SCORE = 2
/** What follows a common password and is longer is more than an ornament. It also bounds the work of one estimate. */
const LONGEST_TAIL = 8

/** `password1!` → `password`, `12345678!` → `12345678` */
const TAILS = [/[^\p{L}]+$/u, /[^\p{L}\p{N}]+$/u]

/**
 * The list of zxcvbn, as far as its passwords are long enough to be taken, and what only puts digits and symbols behind one of all its
 * passwords, where zxcvbn's estimate says that this helps little. Read when the first is asked about: it takes some 60 ms.
 */
export function createCommonPasswords(): CommonPasswords {
  let known: Promise<ReadonlySet<string>> | undefined
  let estimator: Promise<ZxcvbnFactory> | undefined
  return {
    async has(password) {
      const common = await (known ??= readList())
      const folded = password.toLowerCase()
      if (folded.length >= SHORTEST && common.has(folded)) return true
      const isOrnamented = TAILS.map((tail) => folded.replace(tail, '')).some(
        (stem) => folded.length - stem.length <= LONGEST_TAIL && common.has(stem),
      )
      return isOrnamented && (await (estimator ??= readEstimator())).check(password).score < LEAST_SCORE
    },
  }
}

async function readList(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'])
}

async function readEstimator(): Promise<ZxcvbnFactory> {
  const { adjacencyGraphs: graphs, dictionary } = await import('@zxcvbn-ts/language-common')
  const { ZxcvbnFactory } = await import('@zxcvbn-ts/core')
  return new ZxcvbnFactory({ graphs, dictionary: { 'passwords-common': dictionary['passwords-common'] } })
}
