/** `npm run bench [-- <workload>… --rounds 3 --seconds 8 --warm-up 2 --json FILE --list]`; see docs/performance.md. */
import { readArguments } from './harness/arguments.ts'
import { findWorkloads } from './harness/find.ts'
import { judge, writeResults, type Result } from './harness/results.ts'
import { runWorkload } from './harness/run.ts'
import { describeGoal, describeResult } from './harness/table.ts'

const known = await findWorkloads()
const { names, rounds, options, file, list } = readArguments(
  process.argv.slice(2),
  known.map(({ name }) => name),
)
if (list) {
  for (const { name, title } of known) console.log(`${name.padEnd(18)}${title}`)
  process.exit()
}

const results: Result[] = []
let failed = 0
for (const workload of known.filter(({ name }) => names.includes(name))) {
  console.log(`\n${workload.name}: ${workload.title}`)
  try {
    const result = await runWorkload(workload, { rounds, options, onRound: (text) => console.log(`  ${text}`) })
    console.log(`\n${describeResult(result)}`)
    const verdicts = judge(result)
    for (const verdict of verdicts) console.log(describeGoal(verdict))
    failed += verdicts.filter(({ reached }) => !reached).length
    results.push(result)
    if (file === undefined) writeResults([result])
  } catch (error) {
    failed++
    console.error(`${workload.name} failed:`, error)
  }
}
if (file !== undefined) writeResults(results, file)
process.exit(failed === 0 ? 0 : 1)
