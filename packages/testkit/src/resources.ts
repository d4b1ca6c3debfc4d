import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
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

/** Below those that systems give to connections that go out and to who asks for any port: one that was free would be taken by them before it is listened on. */
const [FIRST_PORT, PORTS] = [20_000, 6_000]

/**
 * A TCP port on 127.0.0.1 that was free a moment ago, and that no test is given as long as this process lives. Prefer listening on port 0
 * where the program can tell its port.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS)
    if ((await isReserved(port)) && (await isFree(port))) return port
  }
}

/** The UDP port of the same number, which nothing here listens on, tells other processes; the system lets go of it when this one ends, however it ends. */
async function isReserved(port: number): Promise<boolean> {
  const sign = createSocket('udp4').unref()
  return new Promise((resolve) =>
    sign.once('error', () => resolve(false)).bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true)),
  )
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listens = await new Promise<boolean>((resolve) =>
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
  )
  if (listens) await new Promise((resolve) => server.close(resolve))
  return listens
}
