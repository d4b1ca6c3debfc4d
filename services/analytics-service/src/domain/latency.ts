/**
 * Times between people are counted in classes: sums of counts are exact whatever they are made of, and a year of them is small.
 * The upper ends, ms; the last class goes up to a day, and what is longer is no answer to anything.
 */
export const LATENCY_BOUNDS = [
  1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000,
  7_200_000, 14_400_000, 28_800_000, 86_400_000,
] as const

export const LONGEST_MS = 86_400_000

export const latencyClass = (ms: number): number => LATENCY_BOUNDS.findIndex((bound) => ms < bound)

/**
 * The time that a share of all fell below, ms: within its class as if they were spread evenly. Null when there is none.
 * @param counts by class
 */
export function quantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, n) => sum + n, 0)
  if (total === 0) return null
  const wanted = share * total
  let passed = 0
  for (const [index, n] of counts.entries()) {
    if (n > 0 && passed + n >= wanted) {
      const from = index === 0 ? 0 : LATENCY_BOUNDS[index - 1]!
      return Math.round(from + ((LATENCY_BOUNDS[index]! - from) * (wanted - passed)) / n)
    }
    passed += n
  }
  return LONGEST_MS
}
