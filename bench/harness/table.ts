import { ratios, summarize, type Result, type Verdict } from './results.ts'
import { median } from './statistics.ts'

/** Three significant digits, thousands in groups. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** One line a figure, one column a side, median (min–max); with two sides the median of the rounds' ratios. */
export function describeResult(result: Result): string {
  const figures = [...new Set(result.sides.flatMap(({ rounds }) => Object.keys(rounds[0] ?? {})))]
  const [first, second] = result.sides
  const rows = figures.map((figure) => [
    figure,
    ...result.sides.map(({ name }) => {
      const found = summarize(result, figure, name)
      if (!found) return '–'
      return `${formatNumber(found.median)} (${formatNumber(found.min)}–${formatNumber(found.max)})`
    }),
    ...(second ? [formatNumber(median(ratios(result, figure, first!.name, second.name)))] : []),
  ])
  const head = ['figure', ...result.sides.map(({ name }) => name), ...(second ? [`${first!.name}/${second.name}`] : [])]
  return alignColumns([head, ...rows])
}

/** @param sides where each column's cells stand; by default the first left and all others right */
export function alignColumns(
  rows: readonly (readonly string[])[],
  sides: readonly ('left' | 'right')[] = ['left'],
): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (sides[column] === 'left' ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   ')
      .trimEnd()
  return rows.map(line).join('\n')
}

export function describeGoal({ goal, value, reached }: Verdict): string {
  const { figure, side, of, atLeast, atMost } = goal
  const what = `${figure}${side === undefined ? '' : ` of ${side}`}${of === undefined ? '' : ` ÷ ${of}`}`
  const limits = [
    ...(atLeast === undefined ? [] : [`at least ${formatNumber(atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${formatNumber(atMost)}`]),
  ]
  return `goal ${reached ? 'reached' : 'MISSED'}: ${what} = ${formatNumber(value)}, ${limits.join(', ')}`
}
