import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Settings } from '../config.ts'
import { streamsThatFit } from '../open-files.ts'
import type { Finding } from './finding.ts'

const MB = 1_000_000
const GB = 1_000_000_000
/** An idle server has some 200 MB; speech and statistics take as much again while they work. */
const LEAST_MEMORY = 512 * MB
const [FEW_BYTES, TOO_FEW_BYTES] = [2 * GB, 200 * MB]

export const lookAtMachine = (settings: Settings): Finding[] => [
  { level: 'ok', about: 'program', says: `Node ${process.versions.node}, ${availableParallelism()} processors` },
  memory(),
  ...openFiles(settings),
  ...(settings.PROFILE === 'embedded' ? [...disk(settings), fileSystem(settings)] : []),
  clock(),
]

function memory(): Finding {
  const free = availableMemory()
  const says = `${Math.round(free / MB)} MB of ${Math.round(totalmem() / MB)} are free`
  if (free >= LEAST_MEMORY) return { level: 'ok', about: 'memory', says }
  return { level: 'warn', about: 'memory', says, todo: 'leave 512 MB for the server, or end what takes them' }
}

/** What could be had, caches included; the system's free alone tells little on Linux. */
function availableMemory(): number {
  try {
    const kib = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]
    if (kib) return Number(kib) * 1_024
  } catch {
    // Not Linux.
  }
  return freemem()
}

function openFiles({ MAX_CONNECTIONS: wanted }: Settings): Finding[] {
  const fit = streamsThatFit(wanted)
  if (fit >= wanted) return [{ level: 'ok', about: 'open files', says: `${wanted} streams fit into the limit` }]
  const says = `the limit leaves room for ${fit} of ${wanted} streams (MAX_CONNECTIONS)`
  return [{ level: 'warn', about: 'open files', says, todo: 'ulimit -n 65535, or LimitNOFILE= of the systemd unit' }]
}

/** The folder, or the nearest one above that is there. */
function present(folder: string): string {
  const place = resolve(folder)
  return existsSync(place) || place === dirname(place) ? place : present(dirname(place))
}

function disk({ DATA_DIR }: Settings): Finding[] {
  const { bavail, bsize, files, ffree } = statfsSync(present(DATA_DIR))
  const free = bavail * bsize
  const says = `${(free / GB).toFixed(1)} GB are free for DATA_DIR`
  const todo = 'make room: a full disk refuses messages (nothing that was acknowledged is lost)'
  const bytes: Finding =
    free < TOO_FEW_BYTES
      ? { level: 'bad', about: 'disk', says, todo }
      : free < FEW_BYTES
        ? { level: 'warn', about: 'disk', says, todo }
        : { level: 'ok', about: 'disk', says }
  if (files === 0 || ffree / files > 0.05) return [bytes]
  return [
    bytes,
    { level: 'warn', about: 'inodes', says: `${ffree} of ${files} are left`, todo: 'uploaded files need one each' },
  ]
}

/** Where locks between processes do not hold, or the memory of two machines is not one, SQLite loses data. */
const SHARED = /^(nfs4?|cifs|smb3?|fuse\.(sshfs|s3fs|rclone)|9p|afs|ceph|glusterfs)$/

function fileSystem({ DATA_DIR }: Settings): Finding {
  const type = typeOf(present(DATA_DIR))
  if (type === undefined) return { level: 'note', about: 'file system', says: 'cannot be told here' }
  if (SHARED.test(type))
    return {
      level: 'bad',
      about: 'file system',
      says: `DATA_DIR is on ${type}`,
      todo: 'use a disk of this machine: locks and WAL do not hold over a network',
    }
  if (type === 'tmpfs')
    return {
      level: 'warn',
      about: 'file system',
      says: 'DATA_DIR is in memory (tmpfs)',
      todo: 'use a disk: all is gone with the next start of the machine',
    }
  return { level: 'ok', about: 'file system', says: type }
}

function typeOf(place: string): string | undefined {
  let mounts: string
  try {
    mounts = readFileSync('/proc/self/mounts', 'utf8')
  } catch {
    return undefined
  }
  const found = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, at = ' ']) => place === at || place.startsWith(at === '/' ? '/' : `${at}/`))
    .toSorted(([, a = ''], [, b = '']) => a.length - b.length)
    .at(-1)
  return found?.[2]
}

function clock(): Finding {
  const { stdout, status } = spawnSync('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], {
    encoding: 'utf8',
  })
  if (status !== 0) return { level: 'note', about: 'clock', says: 'whether it is kept right cannot be told here' }
  if (stdout.trim() === 'yes') return { level: 'ok', about: 'clock', says: 'is kept right (NTP)' }
  return {
    level: 'warn',
    about: 'clock',
    says: 'is not kept right',
    todo: 'timedatectl set-ntp true: sessions and one-time links end by it',
  }
}
