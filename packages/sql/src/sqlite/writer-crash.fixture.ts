/** Run by writer.test.ts: `node writer-crash.fixture.ts <file> [ballast]`. */
import { rmSync } from 'node:fs'
import { createWriter } from './writer.ts'
import type { FixtureCommands } from './writer-commands.fixture.ts'

const [file = '', ballast] = process.argv.slice(2)
const module = new URL('./writer-commands.fixture.ts', import.meta.url)
const writer = createWriter<FixtureCommands>({ file, module, name: 'crash' })
const body = 'x'.repeat(1_000)
const print = (line: string) => process.stdout.write(`${line}\n`)

let next = 1
let full = false
let freed = false
let after = 0
/** 50 at a time without end; on a full disk the ballast is deleted, and writing goes on. */
async function work(): Promise<void> {
  while (after < 200) {
    const id = next++
    try {
      await writer.call('insert', { id, body })
      print(`ack ${id}`)
      if (freed) after++
    } catch (error) {
      if (!ballast) throw error
      if (!full) print(`full ${(error as { code?: string }).code}`)
      full = true
      if (!freed) rmSync(ballast, { force: true })
      freed = true
    }
  }
}
await Promise.all(Array.from({ length: 50 }, work))
await writer.close()
print('end')
