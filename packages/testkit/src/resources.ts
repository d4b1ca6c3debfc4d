import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The part of node:test's context used here: `tempDir(t)` cleans up after the test `t`. */
export type Cleanup = { after(fn: () => unknown): void }

/** A new empty directory, removed with all it holds after the test. Register it before what writes into it. */
export function tempDir(t: Cleanup): string {
  const dir = mkdtempSync(join(tmpdir(), 'bigtech-'))
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }))
  return dir
}

/** A TCP port on 127.0.0.1 that was free a moment ago. Prefer listening on port 0 where the program can tell its port. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
