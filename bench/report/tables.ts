import { costsOf, MEASURED_BY } from '../capacity/costs.ts'
import { describePlan } from '../capacity/describe.ts'
import { planOf, USUAL } from '../capacity/model.ts'
import { judge, summarize, type Result, type Verdict } from '../harness/results.ts'
import { formatNumber } from '../harness/table.ts'

export type Results = ReadonlyMap<string, Result>

const MISSING = '*not measured yet*'

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')

/** `relay-*` names all results of that form, in the order of their numbers. */
function select(results: Results, pattern: string): Result[] {
  const form = new RegExp(`^${pattern.replaceAll('*', '(\\d+)')}$`)
  const numberOf = ({ workload }: Result) => Number(form.exec(workload)?.[1] ?? 0)
  return [...results.values()].filter(({ workload }) => form.test(workload)).sort((a, b) => numberOf(a) - numberOf(b))
}

function cell(result: Result, figure: string, side: string): string {
  const found = summarize(result, figure, side)
  if (!found) return '–'
  const { median, min, max } = found
  return min === max ? formatNumber(median) : `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`
}

/** Rows: workloads and sides; columns: the figures named. Without figures: rows are the figures, columns the sides. */
export function figuresTable(results: Results, pattern: string, figures: readonly string[]): string {
  const found = select(results, pattern)
  if (found.length === 0) return MISSING
  if (figures.length === 0) return allFigures(found[0]!)
  const rows = found.flatMap((result) =>
    result.sides.map(({ name }) => [
      `\`${result.workload}\``,
      name,
      ...figures.map((figure) => cell(result, figure, name)),
    ]),
  )
  return table(['workload', 'side', ...figures.map((figure) => `\`${figure}\``)], rows)
}

function allFigures(result: Result): string {
  const figures = [...new Set(result.sides.flatMap(({ rounds }) => Object.keys(rounds[0] ?? {})))]
  return table(
    ['figure', ...result.sides.map(({ name }) => name)],
    figures.map((figure) => [`\`${figure}\``, ...result.sides.map(({ name }) => cell(result, figure, name))]),
  )
}

/** Every goal of every workload that was measured. */
export function goalsTable(results: Results): string {
  const rows = [...results.values()].flatMap((result) => judge(result).map((verdict) => goalRow(result, verdict)))
  return rows.length === 0 ? MISSING : table(['workload', 'figure', 'goal', 'measured', ''], rows)
}

function goalRow(result: Result, { goal, value, reached }: Verdict): string[] {
  const { figure, side, of, atLeast, atMost } = goal
  const limits = [
    ...(atLeast === undefined ? [] : [`≥ ${formatNumber(atLeast)}`]),
    ...(atMost === undefined ? [] : [`≤ ${formatNumber(atMost)}`]),
  ]
  const what = `\`${figure}\`${side === undefined ? '' : ` of ${side}`}${of === undefined ? '' : ` ÷ ${of}`}`
  return [`\`${result.workload}\``, what, limits.join(', '), formatNumber(value), reached ? 'reached' : '**missed**']
}

/** LINE's published peak, 420,000 messages a second; how many people made it is assumed. */
const LINE_PEAK = { ...USUAL, users: 200e6, peakMessages: 420e3 }

/** The worked example of the capacity model. */
export function capacityTable(results: Results): string {
  if (MEASURED_BY.some((name) => !results.has(name))) return MISSING
  const costs = costsOf(results)
  return table(['for LINE’s peak', '', 'by'], describePlan(LINE_PEAK, costs, planOf(LINE_PEAK, costs)))
}

export function machineList(results: Results): string {
  if (results.size === 0) return MISSING
  const all = [...results.values()].sort((a, b) => a.date.localeCompare(b.date))
  const byMachine = Map.groupBy(all, ({ machine: { cores, model, memory_gib, node } }) => {
    return `${cores} cores (model ${model}), ${memory_gib} GiB, Node ${node}`
  })
  return [...byMachine]
    .map(([machine, measured]) => {
      const days = [...new Set([measured[0]!, measured.at(-1)!].map(({ date }) => date.slice(0, 10)))]
      const names = measured.map(({ workload }) => `\`${workload}\``).sort()
      return `- ${days.join(' to ')}, ${machine}${byMachine.size > 1 ? `: ${names.join(', ')}` : ''}`
    })
    .join('\n')
}
