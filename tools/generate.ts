import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { dashboardFiles } from './dashboards/build.ts'
import { apiDocuments } from './generate/api.ts'
import { asyncApiDocument } from './generate/asyncapi.ts'
import { configDocuments } from './generate/config.ts'
import { errorTable } from './generate/errors.ts'
import { eventTables } from './generate/events.ts'
import { metricTables } from './generate/metrics.ts'
import { describeSystem } from './generate/system.ts'

/**
 * Writes everything in docs/ (and .env.example) that follows from the code. `--check` writes nothing and fails when a file is out of
 * date.
 */
const root = join(import.meta.dirname, '..')

/** Path → whole text. */
async function generate(): Promise<Map<string, string>> {
  const system = await describeSystem()
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`
  return new Map([
    ...configDocuments(),
    ...apiDocuments(system).map(([path, document]) => [path, json(document)] as const),
    ...dashboardFiles(),
    ['docs/asyncapi.json', json(asyncApiDocument(system))],
    ['docs/events.md', insert('docs/events.md', eventTables(system))],
    ['docs/metrics.md', insert('docs/metrics.md', metricTables(system))],
    ['docs/errors.md', insert('docs/errors.md', { errors: errorTable(system) })],
  ])
}

/** The file with new text between `<!-- generated: NAME -->` and `<!-- end -->`. */
function insert(path: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce(
    (text, [name, part]) => {
      const [start, end] = [`<!-- generated: ${name} -->`, '<!-- end -->']
      const from = text.indexOf(start)
      const to = text.indexOf(end, from)
      if (from < 0 || to < 0) throw new Error(`${path} has no part "${name}"`)
      return `${text.slice(0, from + start.length)}\n\n${part.trim()}\n\n${text.slice(to)}`
    },
    readFileSync(join(root, path), 'utf8'),
  )
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values
const outdated = [...(await generate())].filter(([path, text]) => read(join(root, path)) !== text)
for (const [path, text] of outdated) {
  console.log(check ? `${path} is out of date: run node tools/generate.ts` : `written: ${path}`)
  if (check) continue
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
if (outdated.length === 0) console.log('generated files: up to date')
else if (check) process.exitCode = 1
