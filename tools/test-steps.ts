import { existsSync, globSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { noEngines } from '../tests/support/engines.ts'
import { FAULTS_OF_CLUSTER, OUTLAST_A_LEASE } from '../tests/integrity/schedule/faults.ts'
import { findSchemathesis } from '../tests/contract/schemathesis.ts'

export type Step = Readonly<{
  name: string
  group: 'lint' | 'unit' | 'e2e' | 'distributed' | 'image' | 'contract' | 'browser'
  plan: () => Plan
}>

/** One command, test files (a process each, so many at once, each with a time limit), or why there is nothing to run. */
export type Plan = Readonly<
  | { command: readonly string[] }
  | { files: readonly string[]; atOnce: number; limitS: number; env?: Readonly<Record<string, string>> }
  | { skip: string }
>

/** Generators whose output is in git: each must be able to say with `--check` that nothing is out of date. */
const GENERATORS = ['tools/generate.ts', 'tools/generate-api-docs.ts', 'tools/generate-config-docs.ts']

/** A file that has not ended by then is killed and counts as failed: something in it is still open. */
const UNIT_LIMIT_S = 180
const E2E_LIMIT_S = 1_200

/** Files that take minutes: what is begun last, ends last. */
const LONG = ['tests/integrity/sabotage/', 'tests/e2e/process.test.ts']
const longFirst = (paths: readonly string[]): string[] => {
  const isLong = (path: string) => LONG.some((start) => path.startsWith(start))
  return [...paths.filter(isLong), ...paths.filter((path) => !isLong(path))]
}

/** @param filters parts of paths: when given, only test files whose path holds one of them run */
export function listSteps(root: string, filters: readonly string[]): Step[] {
  const exists = (path: string) => existsSync(join(root, path))
  const node = process.execPath

  const files = (pattern: string, ...without: string[]) =>
    globSync(pattern, { cwd: root, exclude: (name) => /(^|\/)(node_modules|fixtures)$/.test(name) })
      .filter((path) => !without.some((start) => path.startsWith(start)))
      .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
      .sort()
  const tests = (
    paths: string[],
    options: { atOnce: number; limitS: number; env?: Readonly<Record<string, string>> },
  ): Plan => {
    if (paths.length > 0) return { files: longFirst(paths), ...options }
    return { skip: filters.length > 0 ? `no test file matches ${filters.join(', ')}` : 'no test files yet' }
  }
  const check = (name: string, ...command: string[]): Step => ({ name, group: 'lint', plan: () => ({ command }) })

  return [
    check('format', 'oxfmt', '--check'),
    check('lint', 'oxlint', '--type-aware'),
    check('types', 'tsc', '--noEmit'),
    check('import rules', node, 'tools/check-imports.ts'),
    check('file checks', node, 'tools/check-files.ts'),
    ...GENERATORS.filter(exists).map((script) => check(`up to date: ${script}`, node, script, '--check')),
    { name: 'API documents', group: 'lint', plan: () => apiDocuments(root) },
    { name: 'web client', group: 'lint', plan: () => webCheck(root) },
    {
      name: 'unit and contract tests',
      group: 'unit',
      plan: () =>
        tests(files('{packages,services,apps,tools,bench}/**/*.test.ts', 'apps/web/'), {
          atOnce: Math.max(2, availableParallelism()),
          limitS: UNIT_LIMIT_S,
        }),
    },
    {
      name: 'partition log, 100,000 schedules',
      group: 'unit',
      plan: () => {
        if (filters.length > 0 && !filters.some((filter) => 'packages/partition-log/sim.ts'.includes(filter)))
          return { skip: `packages/partition-log/sim.ts does not match ${filters.join(', ')}` }
        const workers = String(Math.min(4, availableParallelism()))
        return { command: [node, 'packages/partition-log/sim.ts', '--schedules', '100000', '--workers', workers] }
      },
    },
    {
      name: 'end-to-end tests',
      group: 'e2e',
      plan: () =>
        tests(files('tests/**/*.test.ts', 'tests/browser/', 'tests/faults/', 'tests/image/'), {
          atOnce: 2,
          limitS: E2E_LIMIT_S,
        }),
    },
    {
      name: 'end-to-end tests, distributed',
      group: 'distributed',
      plan: () => {
        const reason = noEngines()
        if (reason) return { skip: reason }
        const env = { TEST_PROFILE: 'distributed' }
        const onBoth = files('tests/e2e/*.test.ts').filter((path) =>
          readFileSync(join(root, path), 'utf8').match(/startTestServer|(hostile|authorisation|main-job)-world/),
        )
        return tests(onBoth, { atOnce: 2, limitS: E2E_LIMIT_S, env })
      },
    },
    {
      name: 'faults of engines and processes',
      group: 'distributed',
      // They end the servers that all others use: one at a time, and nothing beside them.
      plan: () => tests(files('tests/faults/*.test.ts'), { atOnce: 1, limitS: E2E_LIMIT_S }),
    },
    {
      name: 'history checker, 60 s',
      group: 'e2e',
      plan: () => {
        if (filters.length > 0 && !filters.some((filter) => 'tests/integrity/main.ts'.includes(filter)))
          return { skip: `tests/integrity/main.ts does not match ${filters.join(', ')}` }
        // One seed, so that a failure is a change of this tree; docs/reliability.md tells how to try others.
        return { command: [node, 'tests/integrity/main.ts', '--seconds', '60', '--seed', '1'] }
      },
    },
    {
      name: 'history checker of a cluster, 60 s',
      group: 'distributed',
      plan: () => {
        const reason = noEngines()
        if (reason) return { skip: reason }
        if (
          filters.length > 0 &&
          !filters.some((filter) => 'tests/integrity/main.ts --profile distributed'.includes(filter))
        )
          return { skip: `tests/integrity/main.ts does not match ${filters.join(', ')}` }
        // Without the two that outlast a lease: of a minute they would leave nothing.
        const faults = FAULTS_OF_CLUSTER.filter((fault) => !OUTLAST_A_LEASE.includes(fault)).join()
        const cluster = ['--profile', 'distributed', '--nodes', '3', '--seconds', '60', '--seed', '1']
        return { command: [node, 'tests/integrity/main.ts', ...cluster, '--faults', faults] }
      },
    },
    {
      name: 'image',
      group: 'image',
      plan: () => tests(files('tests/image/*.test.ts'), { atOnce: 1, limitS: E2E_LIMIT_S }),
    },
    {
      name: 'API documents against the server',
      group: 'contract',
      plan: () => {
        if (filters.length > 0 && !filters.some((filter) => 'tests/contract/main.ts'.includes(filter)))
          return { skip: `tests/contract/main.ts does not match ${filters.join(', ')}` }
        if (!findSchemathesis()) return { skip: 'no schemathesis (npm run test:contract says how to get it)' }
        return { command: [node, 'tests/contract/main.ts'] }
      },
    },
    {
      name: 'browser tests',
      group: 'browser',
      plan: () => {
        if (!exists('apps/web')) return { skip: 'apps/web does not exist yet' }
        const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
        if (!existsSync(chromium)) return { skip: `no browser at ${chromium} (set CHROMIUM)` }
        return tests(files('tests/browser/**/*.test.ts'), { atOnce: 1, limitS: E2E_LIMIT_S })
      },
    },
  ]
}

function apiDocuments(root: string): Plan {
  const documents = globSync(['docs/api/*.json', 'docs/asyncapi.json'], { cwd: root }).sort()
  return documents.length === 0
    ? { skip: 'docs/api holds no document yet' }
    : { command: ['redocly', 'lint', '--config', 'redocly.yaml', ...documents] }
}

/** The web client has a compiler of its own: its `check` script type-checks and builds it. */
function webCheck(root: string): Plan {
  const file = join(root, 'apps/web/package.json')
  if (!existsSync(file)) return { skip: 'apps/web does not exist yet' }
  const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts?: Record<string, string> }
  return scripts?.['check']
    ? { command: ['npm', 'run', '--silent', '--workspace', 'apps/web', 'check'] }
    : { skip: 'apps/web has no check script' }
}
