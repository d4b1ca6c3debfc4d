import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { removeFolder, startProcess, stopProcess, temporaryFolder } from './processes.ts'

export type Raw = {
  port: number
  pid: number
  /** What the program told beside its port. */
  ready: Record<string, unknown>
  stop(): Promise<void>
}

/**
 * Starts a program of `bench/raw` with an empty folder as its first argument. It prints one line of JSON, `{"port": …}`, when it
 * takes connections on 127.0.0.1.
 */
export async function startRaw(file: string, args: readonly string[] = []): Promise<Raw> {
  const folder = temporaryFolder()
  const child = startProcess([join(import.meta.dirname, '../raw', file), folder, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout!).once('line', resolve)
    child.once('exit', () => reject(new Error(`${file} ended before it was ready`)))
  })
  const ready = JSON.parse(line) as Record<string, unknown>
  return {
    port: Number(ready['port']),
    pid: child.pid!,
    ready,
    async stop() {
      await stopProcess(child)
      removeFolder(folder)
    },
  }
}
