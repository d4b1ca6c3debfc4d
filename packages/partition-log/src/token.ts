/** Resume tokens: the store, and a moment up to which everything is known. Opaque to all but their makers. */
export const makeToken = (epoch: string, at: number): string => `${epoch}.${at.toString(36)}`

/** @returns microseconds, or undefined when the token is damaged or of another store */
export function readToken(token: string, epoch: string): number | undefined {
  const [of, moment = '', more] = token.split('.', 3)
  if (of !== epoch || more !== undefined || !/^[0-9a-z]{1,11}$/.test(moment)) return undefined
  const at = Number.parseInt(moment, 36)
  return Number.isSafeInteger(at) ? at : undefined
}
