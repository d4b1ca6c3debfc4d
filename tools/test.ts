/**
 * All checks and tests: `npm test`. Some of them: `npm test -- lint`, `-- unit`, `-- e2e`, `-- distributed`, `-- image`, `-- contract`, `-- browser`, or by the start of a step's
 * name. Further words pick test files: `npm test -- unit packages/sql`. Suites of adapters run on every server of `npm run stack` that runs;
 * `ENGINES=sqlite,mariadb,…` names those that must.
 */
import { join } from 'node:path'
import { findEngines, type Engines } from './stack/engines.ts'
import { StackError } from './stack/work.ts'
import { pool, run } from './test-run.ts'
import { listSteps, type Plan, type Step } from './test-steps.ts'
import {
  add,
  closingLine,
  failuresOf,
  linesOfFailures,
  NONE,
  readTotals,
  skippedLines,
  withoutSummary,
  type Failure,
  type Totals,
} from './test-totals.ts'

/** Of a check that failed. */
const LAST_LINES = 12

const root = join(import.meta.dirname, '..')

type Outcome = { ok: boolean; note: string; totals: Totals; failures: readonly Failure[] }

async function runPlan(plan: Exclude<Plan, { skip: string }>): Promise<Outcome> {
  if ('command' in plan) {
    const { output, code } = await run(root, plan.command)
    if (code !== 0) console.log(output.trim() || `${plan.command.join(' ')} ended with ${code}`)
    const last = output.trim().split('\n').slice(-LAST_LINES)
    return {
      ok: code === 0,
      note: '',
      totals: NONE,
      failures: code === 0 ? [] : last.map((line) => ({ name: `  ${line}`, details: [] })),
    }
  }
  const failures: Failure[] = []
  let longest = { file: '', seconds: 0 }
  const results = await pool(plan.files, plan.atOnce, async (file) => {
    const { output, code, seconds } = await run(
      root,
      [process.execPath, '--test-reporter=spec', file],
      plan.limitS,
      plan.env,
    )
    const totals = readTotals(output, code)
    if (seconds > longest.seconds) longest = { file, seconds }
    if (totals.failed > 0) {
      console.log(`\n✖ ${file} (${seconds.toFixed(1)} s)\n${withoutSummary(output)}\n`)
      failures.push({ name: `${file} (${seconds.toFixed(1)} s)`, details: [] })
      for (const { name, details } of failuresOf(output))
        failures.push({ name: `  ${name}`, details: details.map((line) => `  ${line}`) })
    } else for (const line of skippedLines(output)) console.log(`${file}: ${line.trim()}`)
    return totals
  })
  const totals = results.reduce(add, NONE)
  const note = `${closingLine(totals)} in ${plan.files.length} files, longest ${longest.file} (${longest.seconds.toFixed(0)} s)`
  return { ok: totals.failed === 0, note, totals, failures }
}

function select(words: readonly string[]): Step[] {
  const picks = (step: Step, word: string) => step.group === word || step.name.startsWith(word)
  const known = listSteps(root, [])
  const selectors = words.filter((word) => known.some((step) => picks(step, word)))
  const filters = words.filter((word) => !selectors.includes(word))
  const wanted = (step: Step) => selectors.some((word) => picks(step, word))
  return listSteps(root, filters).filter((step) =>
    selectors.length > 0 ? wanted(step) : filters.length === 0 || step.group !== 'lint',
  )
}

function requireEngines(): Engines {
  try {
    return findEngines(process.env['ENGINES'])
  } catch (error) {
    if (!(error instanceof StackError)) throw error
    console.error(error.message)
    process.exit(2)
  }
}

const engines = requireEngines()
// A server of one's own goes before that of the stack.
for (const [name, value] of Object.entries(engines.settings)) process.env[name] ??= value
console.log(`engines: ${['sqlite', ...engines.used].join(', ')}`)
if (engines.missing.length > 0)
  console.log(`skipped: suites on ${engines.missing.join(', ')}: they do not run (npm run stack -- up)`)

const rows: { state: 'ok' | 'FAILED' | 'skipped'; name: string; seconds: number; note: string }[] = []
let totals = NONE
const failures: Failure[] = []
for (const step of select(process.argv.slice(2))) {
  const { name } = step
  const plan = step.plan()
  if ('skip' in plan) {
    console.log(`skipped: ${name}: ${plan.skip}`)
    rows.push({ state: 'skipped', name, seconds: 0, note: plan.skip })
    continue
  }
  console.log(`▶ ${name}`)
  const started = performance.now()
  const outcome = await runPlan(plan)
  totals = add(totals, outcome.totals)
  failures.push(...outcome.failures)
  const seconds = (performance.now() - started) / 1_000
  rows.push({ state: outcome.ok ? 'ok' : 'FAILED', name, seconds, note: outcome.note })
}

const width = Math.max(0, ...rows.map(({ name }) => name.length))
console.log('')
for (const { state, name, seconds, note } of rows)
  console.log(`${state.padEnd(7)}  ${name.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${note}`.trimEnd())
const failed = rows.filter(({ state }) => state === 'FAILED').map(({ name }) => name)
if (failed.length > 0) console.log(`\nfailed: ${[failed.join(', '), ...linesOfFailures(failures)].join('\n')}`)
console.log(`\n${closingLine(totals)}`)
const nothing = rows.every(({ state }) => state === 'skipped')
if (nothing) console.log('nothing was run')
if (failed.length > 0 || nothing) process.exitCode = 1
