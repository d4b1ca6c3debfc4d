/**
 * `npm run bench:report`: puts the figures of bench/results/*.json into docs/performance.md, between the comments
 * `<!-- results: WORKLOAD FIGURE… -->` (or `goals`, `machine`, `capacity`) and `<!-- end -->`. `--check` only tells whether they are there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readResults } from './harness/results.ts'
import { capacityTable, figuresTable, goalsTable, machineList } from './report/tables.ts'

const FILE = join(import.meta.dirname, '../docs/performance.md')
const PLACE = /(<!-- results: (.*?) -->\n)[\s\S]*?(<!-- end -->)/g

const results = readResults()

function content(what: string): string {
  const [name = '', ...figures] = what.split(' ')
  if (name === 'goals') return goalsTable(results)
  if (name === 'capacity') return capacityTable(results)
  if (name === 'machine') return machineList(results)
  return figuresTable(results, name, figures)
}

const before = readFileSync(FILE, 'utf8')
const after = before.replaceAll(
  PLACE,
  (_all, begin: string, what: string, end: string) => `${begin}\n${content(what)}\n\n${end}`,
)
if (process.argv.includes('--check')) {
  if (before !== after)
    console.error('docs/performance.md is not of the results in bench/results: npm run bench:report')
  process.exitCode = before === after ? 0 : 1
} else writeFileSync(FILE, after)
