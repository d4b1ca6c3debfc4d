/** One line of a soak: minutes since its begin, and figures by name. */
export type Row = Readonly<Record<string, number>> & { readonly minute: number }

export type Trend = Readonly<{ figure: string; early: number; late: number; growth: number }>

/** Until then caches fill and the engine learns which code is hot. */
const SETTLED = 0.25

/** Growth from the second quarter to the last that is within what caches and the collector do. */
export const FLAT = 0.1

/**
 * Whether figures stay where they were once everything was warm: the medians of the second and of the last quarter, which no single peak moves.
 * A leak that is proportional to time shows as a growth of all that came in between.
 * @param rows of equal distance, 8 or more
 * @param growth of `Trend` is late ÷ early − 1
 */
export function trendsOf(rows: readonly Row[], figures: readonly string[]): Trend[] {
  if (rows.length < 8) throw new RangeError(`${rows.length} rows tell no trend: 8 or more are needed`)
  const quarter = Math.floor(rows.length * SETTLED)
  return figures.map((figure) => {
    const valuesOf = (part: readonly Row[]) => median(part.map((row) => row[figure] ?? NaN))
    const early = valuesOf(rows.slice(quarter, 2 * quarter))
    const late = valuesOf(rows.slice(-quarter))
    return { figure, early, late, growth: early === 0 ? (late === 0 ? 0 : Infinity) : late / early - 1 }
  })
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
