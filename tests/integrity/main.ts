import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OptionError, readOptions, USAGE } from './options.ts'
import { runAll } from './run/run.ts'

if (process.argv.includes('--help')) {
  console.log(USAGE)
  process.exit(0)
}
// What must not outlive this process is ended by handlers of its exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
try {
  const options = readOptions(process.argv.slice(2), () => Math.floor(Math.random() * 1_000_000))
  const notes = mkdtempSync(join(tmpdir(), 'bigtech-integrity-notes-'))
  const violations = await runAll(options, notes, (line) => console.log(line))
  if (violations === 0) rmSync(notes, { recursive: true })
  // At once: Node 24 can spin for ever while it closes sockets that were reset (libuv's loop in CleanupHandles).
  process.exit(violations === 0 ? 0 : 1)
} catch (error) {
  if (error instanceof OptionError) console.error(`${error.message}\n\n${USAGE}`)
  else console.error(error)
  process.exit(error instanceof OptionError ? 2 : 1)
}
