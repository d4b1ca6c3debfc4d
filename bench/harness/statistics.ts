export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Steps per doubling: a recorded time is known to within 0.8 %. */
const STEPS = 128

export type Histogram = {
  /** @param us a time in microseconds */
  record: (us: number) => void
  count(): number
  /** ms */
  percentile(p: number): number
  reset(): void
}

/** Times in buckets of equal relative width, as HdrHistogram: millions of samples in fixed memory, without pauses. */
export function createHistogram(): Histogram {
  const counts = new Float64Array(40 * STEPS)
  let total = 0
  return {
    record(us) {
      const exponent = us < 1 ? 0 : 31 - Math.clz32(us)
      counts[exponent * STEPS + Math.max(0, Math.floor((us / 2 ** exponent - 1) * STEPS))]!++
      total++
    },
    count: () => total,
    percentile(p) {
      let left = Math.ceil(p * total)
      for (let i = 0; i < counts.length; i++) {
        left -= counts[i]!
        if (left <= 0 && total > 0) return (2 ** Math.floor(i / STEPS) * (1 + ((i % STEPS) + 0.5) / STEPS)) / 1_000
      }
      return Number.NaN
    },
    reset() {
      counts.fill(0)
      total = 0
    },
  }
}
