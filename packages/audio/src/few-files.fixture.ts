/** Run under `ulimit -n`: decodes with hardly a file descriptor left, and prints how that ended. */
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeAudio } from './index.ts'

const bytes = readFileSync(join(import.meta.dirname, '../fixtures/tone.flac'))
const taken: number[] = []
try {
  for (;;) taken.push(openSync('/dev/null', 'r'))
} catch {
  // None is left.
}
for (let i = 0; i < Number(process.argv[2]); i++) closeSync(taken.pop()!)
const ended = await decodeAudio(bytes).then(
  () => 'decoded',
  (error: unknown) => (error as { kind?: string }).kind ?? String(error),
)
for (const file of taken) closeSync(file)
process.stdout.write(ended)
