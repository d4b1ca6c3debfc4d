/** Resume tokens of this store: the database, and a position in its commit order. */
export const makeToken = (epoch: string, pos: number): string => `${epoch}.${pos.toString(36)}`

/** @returns the position, or undefined when the token is damaged or of another database */
export function readToken(token: string, epoch: string): number | undefined {
  const [of, position = ''] = token.split('.', 2)
  if (of !== epoch || !/^[0-9a-z]{1,11}$/.test(position)) return undefined
  const pos = Number.parseInt(position, 36)
  return Number.isSafeInteger(pos) ? pos : undefined
}
