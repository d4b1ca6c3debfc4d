import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { cpuSeconds, rssOf } from '../harness/processes.ts'

/** What a part of the system holds at one moment. */
export type Held = Readonly<{
  rss_mib: number
  /** Open files, without sockets. */
  files: number
  sockets: number
  threads: number
  cpu_s: number
}>

/** Of these processes together. */
export function held(pids: readonly number[]): Held {
  const sum = { rss_mib: 0, files: 0, sockets: 0, threads: 0, cpu_s: 0 }
  for (const pid of pids) {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`))
    const sockets = links.filter((link) => link.startsWith('socket:')).length
    sum.rss_mib += rssOf(pid)
    sum.sockets += sockets
    sum.files += links.length - sockets
    sum.threads += Number(/Threads:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    sum.cpu_s += cpuSeconds(pid)
  }
  return sum
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // Closed since the folder was read.
    return ''
  }
}

/** Bytes of all files below a folder, as the disk counts them. */
export function diskBytes(folder: string): number {
  let sum = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    try {
      sum += statSync(join(folder, name)).blocks * 512
    } catch {
      // Gone since the folder was read.
    }
  }
  return sum
}
