import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const children = new Set<ChildProcess>()
const folders = new Set<string>()

// However this process ends (its work done, an error, Ctrl-C): no child and no folder stays behind.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) removeFolder(folder)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

/** A child that never outlives this process. */
export function startProcess(args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(process.execPath, args, options)
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

/** @throws when the child does not end by itself in time; it is killed then */
export async function stopProcess(child: ChildProcess, timeoutMs = 30_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)))
  child.kill('SIGTERM')
  const inTime = await Promise.race([exited, new Promise<boolean>((r) => setTimeout(r, timeoutMs, false).unref())])
  if (inTime) return
  child.kill('SIGKILL')
  throw new Error(`${child.spawnargs.at(-1)} did not end within ${timeoutMs / 1_000} s of SIGTERM`)
}

/** An empty folder on the disk of temporary files (the same for all sides), gone at the end at the latest. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bigtech-bench-'))
  folders.add(folder)
  return folder
}

export function removeFolder(folder: string): void {
  // A process that was killed just now may still add a file.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  folders.delete(folder)
}

/** Linux counts processor time in ticks of a hundredth of a second (USER_HZ). */
const TICKS_PER_S = 100

/** Processor time of all threads of a process so far, user and system, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field, the name, is in parentheses and may hold spaces: utime and stime are the 12th and 13th after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
}

/** Resident memory of a process, MiB. */
export function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

/** Processor time of the whole machine so far, in ticks, and what of it the hypervisor gave to others. @returns undefined but on Linux */
export function machineTicks(): { total: number; stolen: number } | undefined {
  if (process.platform !== 'linux') return undefined
  // user, nice, system, idle, iowait, irq, softirq, steal; what follows is contained in user and nice.
  const ticks = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!.trim().split(/\s+/).slice(1, 9).map(Number)
  return { total: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[7] ?? 0 }
}
