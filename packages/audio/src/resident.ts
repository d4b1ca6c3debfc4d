import { readFile } from 'node:fs/promises'

/**
 * MiB of memory that a process holds; null when it is gone, and where the system has no `/proc` (all but Linux). Of `status`, which is in kB: pages,
 * as `statm` counts them, are not 4 KiB everywhere.
 */
export async function residentMb(pid: number | undefined): Promise<number | null> {
  if (pid === undefined || process.platform !== 'linux') return null
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kb = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]
  return kb === undefined ? null : Number(kb) / 1024
}
