import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Of /proc/net/tcp. */
const LISTENS = '0A'

/**
 * The process that listens on a port of this machine (Linux), to see what it costs.
 * @returns none when it cannot be found: on another machine or system
 */
export function pidsAt(port: number): readonly number[] {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => inodesOf(file, port)))
  if (inodes.size === 0) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => socketsOf(pid).some((inode) => inodes.has(inode)))
    .map(Number)
}

function inodesOf(file: string, port: number): string[] {
  const rows = lines(file).map((line) => line.trim().split(/\s+/))
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return rows.filter(([, local, , state]) => local?.endsWith(wanted) && state === LISTENS).map((row) => row[9]!)
}

function lines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap(
      (fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
    )
  } catch {
    // It has ended, or a file was closed meanwhile.
    return []
  }
}
