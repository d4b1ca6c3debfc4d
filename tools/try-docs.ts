/**
 * `npm run try-docs [-- CHAPTER… --from REVISION]`: follows the documents literally, each chapter in a clean clone of what is committed, on the
 * ports that they name. `--from` is the version that the upgrade begins with.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CHAPTERS } from './try-docs/chapters.ts'

const root = join(import.meta.dirname, '..')
const USAGE = `npm run try-docs -- [${Object.keys(CHAPTERS).join('|')}]… [--from REVISION]`

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options: { from: { type: 'string' } }, allowPositionals: true })
    const unknown = positionals.filter((name) => !Object.hasOwn(CHAPTERS, name))
    if (unknown.length === 0)
      return { from: values.from, names: positionals.length > 0 ? positionals : Object.keys(CHAPTERS) }
    console.error(`There is no chapter ${unknown.join(', ')}`)
  } catch (error) {
    console.error((error as Error).message)
  }
  console.error(USAGE)
  process.exit(2)
}

const { from, names } = readArguments()
const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim()
if (git('status', '--porcelain') !== '') console.log('what is not committed is not tried')
const revision = git('rev-parse', 'HEAD')
const folder = mkdtempSync(join(tmpdir(), 'try-docs-'))
// However this ends; Ctrl-C as well.
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
let failed = 0
for (const name of names) {
  const began = performance.now()
  console.log(`\n▶ ${name}`)
  try {
    const reason = await CHAPTERS[name]!({ root, folder, revision, from: from && git('rev-parse', from) })
    const seconds = ((performance.now() - began) / 1_000).toFixed(1)
    console.log(reason === undefined ? `ok ${name} (${seconds} s)` : `not tried: ${reason}`)
  } catch (error) {
    failed++
    console.log(`FAILED ${name}:`, error)
  }
}
process.exit(failed === 0 ? 0 : 1)
