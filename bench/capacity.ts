/**
 * `npm run capacity -- --users 10e6 --peak-messages 420e3 …`: what an installation of that size needs, by the costs that were measured
 * (bench/results). A model, with its assumptions in docs/performance.md.
 */
import { parseArgs } from 'node:util'
import { costsOf } from './capacity/costs.ts'
import { describePlan } from './capacity/describe.ts'
import { planOf, type Demand } from './capacity/model.ts'
import { demandOf, OptionError, OPTIONS, usualOptions } from './capacity/options.ts'
import { alignColumns } from './harness/table.ts'
import { readResults } from './harness/results.ts'

try {
  const { values } = parseArgs({ options: OPTIONS, args: process.argv.slice(2) })
  const demand: Demand = demandOf(values)
  const costs = costsOf(readResults())
  const plan = planOf(demand, costs)
  if (values.json) console.log(JSON.stringify({ demand, costs, plan }, null, 2))
  else console.log(alignColumns(describePlan(demand, costs, plan), ['left', 'right', 'left']))
} catch (error) {
  const isOption = error instanceof OptionError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  console.error((error as Error).message)
  if (isOption) console.error(`Where nothing is given: ${usualOptions().join(' ')}`)
  process.exit(isOption ? 2 : 1)
}
