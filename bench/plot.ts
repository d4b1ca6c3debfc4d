/** `npm run bench:plot`: draws docs/performance/*.svg from bench/results/*.json. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readResults } from './harness/results.ts'
import {
  costAgainstRoomSize,
  historyAgainstSize,
  latencyAgainstConnections,
  latencyAgainstRate,
  memoryAgainstConnections,
  roomListAgainstSize,
  searchAgainstSize,
} from './plot/charts.ts'
import { drawChart } from './plot/svg.ts'

const FOLDER = join(import.meta.dirname, '../docs/performance')

const charts = {
  'latency-against-rate': latencyAgainstRate,
  'cost-against-room-size': costAgainstRoomSize,
  'history-against-size': historyAgainstSize,
  'room-list-against-size': roomListAgainstSize,
  'search-against-size': searchAgainstSize,
  'latency-against-connections': latencyAgainstConnections,
  'memory-against-connections': memoryAgainstConnections,
}

mkdirSync(FOLDER, { recursive: true })
const results = readResults()
for (const [name, chartOf] of Object.entries(charts)) {
  const chart = chartOf(results)
  const measured = chart.series.some(({ points }) => points.length > 0)
  if (measured) writeFileSync(join(FOLDER, `${name}.svg`), drawChart(chart))
  console.log(measured ? `docs/performance/${name}.svg` : `${name}: not measured yet`)
}
