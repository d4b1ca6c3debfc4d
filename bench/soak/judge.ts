import { median } from '../harness/statistics.ts'

/** One line of a soak: minutes since its begin, and figures by name. */
export type Row = Readonly<Record<string, number>> & { readonly minute: number }

/** What may be called flat: a share of what there was, and so much in an hour, whichever is less. */
export type Limit = Readonly<{ share: number; perHour: number }>

export type Trend = Readonly<{ figure: string; early: number; late: number; perHour: number; isFlat: boolean }>

/** Until then caches fill and the engine learns which code is hot. */
const SETTLED = 0.25
/** Of all rows: what begins to grow at the end shows in these. */
const LAST = 0.1

/**
 * Whether figures stay where they were once everything was warm. `early` is the median of the second quarter, `late` that of the last quarter or
 * of the last tenth, whichever is more: no single peak moves them. `perHour` is the median of the slopes between all pairs of the later half's rows
 * (Theil–Sen), which shows a small leak in something large.
 * @param rows a minute apart, `LEAST_ROWS` or more
 */
export function trendsOf(rows: readonly Row[], limits: Readonly<Record<string, Limit>>): Trend[] {
  if (rows.length < LEAST_ROWS) throw new RangeError(`${rows.length} rows tell no trend: ${LEAST_ROWS} or more do`)
  const quarter = Math.floor(rows.length * SETTLED)
  return Object.entries(limits).map(([figure, { share, perHour: most }]) => {
    const valuesOf = (part: readonly Row[]) => part.map((row) => row[figure] ?? NaN)
    const early = median(valuesOf(rows.slice(quarter, 2 * quarter)))
    const lates = [quarter, Math.ceil(rows.length * LAST)].map((count) => median(valuesOf(rows.slice(-count))))
    const late = Math.max(...lates)
    const perHour = 60 * slopeOf(rows.slice(-2 * quarter), figure)
    const isFlat = late - early <= share * Math.max(0, early) && perHour <= most
    return { figure, early, late, perHour, isFlat }
  })
}

export const LEAST_ROWS = 8

function slopeOf(rows: readonly Row[], figure: string): number {
  const slopes = rows.flatMap((a, i) =>
    rows.slice(i + 1).map((b) => ((b[figure] ?? NaN) - (a[figure] ?? NaN)) / (b.minute - a.minute)),
  )
  return median(slopes)
}
