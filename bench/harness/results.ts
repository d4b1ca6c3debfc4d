import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { median } from './statistics.ts'
import type { Figures, Goal } from './workload.ts'

export type Machine = { cores: number; model: string; memory_gib: number; node: string }

/** What bench/results/<workload>.json holds. */
export type Result = {
  workload: string
  title: string
  /** ISO 8601 UTC, end of the run */
  date: string
  machine: Machine
  rounds: number
  seconds: number
  warmUpSeconds: number
  sides: readonly { name: string; rounds: readonly Figures[] }[]
  goals: readonly Goal[]
}

export type Summary = { median: number; min: number; max: number }

export type Verdict = { goal: Goal; value: number; reached: boolean }

const FOLDER = join(import.meta.dirname, '../results')

export function machine(): Machine {
  const [first] = cpus()
  return {
    cores: cpus().length,
    model: first?.model ?? 'unknown',
    memory_gib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  }
}

/** @returns undefined where a side has no such figure */
export function summarize(result: Result, figure: string, sideName?: string): Summary | undefined {
  const values = valuesOf(result, figure, sideName)
  if (values.length === 0) return undefined
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** Of each round, the figure of one side divided by that of the other. */
export function ratios(result: Result, figure: string, side: string | undefined, of: string): number[] {
  const below = valuesOf(result, figure, of)
  return valuesOf(result, figure, side).map((value, round) => value / below[round]!)
}

function valuesOf(result: Result, figure: string, sideName: string | undefined): number[] {
  const side = sideName === undefined ? result.sides[0] : result.sides.find(({ name }) => name === sideName)
  return (side?.rounds ?? []).map((figures) => figures[figure]).filter((value) => value !== undefined)
}

export function judge(result: Result): Verdict[] {
  return result.goals.map((goal) => {
    const { figure, side, of, atLeast = -Infinity, atMost = Infinity } = goal
    const values = of === undefined ? valuesOf(result, figure, side) : ratios(result, figure, side, of)
    const value = values.length === 0 ? Number.NaN : median(values)
    return { goal, value, reached: value >= atLeast && value <= atMost }
  })
}

/** @param file takes all of them instead of the folder of results */
export function writeResults(results: readonly Result[], file?: string): void {
  const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  if (file !== undefined) return writeFileSync(file, text(results))
  mkdirSync(FOLDER, { recursive: true })
  for (const result of results) writeFileSync(join(FOLDER, `${result.workload}.json`), text(result))
}

/** The newest result of each workload that was measured. */
export function readResults(): Map<string, Result> {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'))
  const results = files.map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Result)
  return new Map(results.map((result) => [result.workload, result]))
}
