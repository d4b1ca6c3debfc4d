import type { CommonPasswords } from '../../ports.ts'

const SHORTEST = 8

/** The list of zxcvbn, as far as its passwords are long enough to be taken. Read when the first is asked about: it takes some 60 ms. */
export function createCommonPasswords(): CommonPasswords {
  let known: Promise<ReadonlySet<string>> | undefined
  const load = async (): Promise<ReadonlySet<string>> => {
    const { dictionary } = await import('@zxcvbn-ts/language-common')
    return new Set(dictionary['passwords-common'].filter((password) => password.length >= SHORTEST))
  }
  return { has: async (password) => (await (known ??= load())).has(password.toLowerCase()) }
}
