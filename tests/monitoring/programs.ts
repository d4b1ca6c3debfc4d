import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const find = (...names: string[]): string | undefined =>
  names
    .flatMap((name) => ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].map((at) => join(at, name)))
    .find(existsSync)

/** Debian calls Alertmanager by another name than its makers do. */
export const PROGRAMS = {
  promtool: find('promtool'),
  prometheus: find('prometheus'),
  amtool: find('amtool'),
  alertmanager: find('prometheus-alertmanager', 'alertmanager'),
}

/** For `skip`. */
export const noPrometheus: string | false = Object.values(PROGRAMS).every((path) => path !== undefined)
  ? false
  : 'no Prometheus or Alertmanager (Debian, Ubuntu: apt-get install prometheus prometheus-alertmanager)'

export const MONITORING = join(import.meta.dirname, '../../infrastructure/monitoring')
export const RULES = join(MONITORING, 'prometheus/rules')
const ROOT = join(MONITORING, '../..')

/** @throws with what it said, when it ends with another status than 0 */
export function run(program: keyof typeof PROGRAMS, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(PROGRAMS[program]!, args, { encoding: 'utf8', timeout: 120_000 })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

/** Names of docs/metrics.md, which is made from the code; a histogram's are those of its series. */
export function knownSeries(): Set<string> {
  const text = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8')
  const rows = text.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)
  return new Set(
    [...rows].flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ),
  )
}

const WORDS = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'bool', 'offset', 'group_left', 'inf'])

/** Names of the series that an expression of PromQL reads: what is neither a word, a function, a label nor a value. */
export function seriesIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/"[^"]*"|'[^']*'/g, '')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(by|without|on|ignoring|group_left)\s*\([^)]*\)/g, ' ')
  const names = bare.matchAll(/(?<![\w.])[a-zA-Z_:][\w:]*(?!\s*\()(?![\w:])/g)
  return [...new Set([...names].map(([name]) => name))].filter((name) => !WORDS.has(name))
}
