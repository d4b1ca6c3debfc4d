/** Chance that repeats: the same seed gives the same numbers. */
export type Random = {
  /** in [0, 1) */
  next(): number
  /** @returns an integer in [from, to] */
  int(from: number, to: number): number
  pick<T>(items: readonly T[]): T
  chance(p: number): boolean
}

/** mulberry32, seeded with a hash (FNV-1a) of all parts, so that each use has a sequence of its own. */
export function createRandom(...parts: readonly (string | number)[]): Random {
  let state = 0x811c9dc5
  for (const char of parts.join('/')) state = Math.imul(state ^ char.codePointAt(0)!, 0x01000193)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: (items) => {
      if (items.length === 0) throw new RangeError('nothing to pick from')
      return items[Math.floor(next() * items.length)]!
    },
    chance: (p) => next() < p,
  }
}
