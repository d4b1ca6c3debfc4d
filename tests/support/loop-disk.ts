import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually, type Cleanup } from '@bigtech/testkit'

const run = (program: string, ...args: string[]) =>
  void execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })

/** For `skip`. */
export function noLoopDisk(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'power cuts need Linux, and root for a disk in a file'
  if (!existsSync('/dev/loop-control')) return 'no loop devices'
  try {
    run('mkfs.ext4', '-V')
    return false
  } catch {
    return 'no mkfs.ext4'
  }
}

/**
 * A disk that can lose its power: ext4 in a file behind a loop device. What the kernel has not yet been made to write is not in that file, so a copy of
 * it, taken while those who write stand still, is the disk after a power cut. The journal commits of its own accord every ten minutes only.
 */
export class LoopDisk {
  /** Where it is mounted. */
  readonly path: string
  readonly #image: string

  constructor(t: Cleanup, megabytes = 256) {
    const folder = mkdtempSync(join(placeFor(megabytes), 'bigtech-disk-'))
    this.path = join(folder, 'mounted')
    this.#image = join(folder, 'image')
    mkdirSync(this.path)
    run('truncate', '-s', `${megabytes}M`, this.#image)
    run('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', this.#image)
    this.#mount()
    t.after(() => {
      run('umount', '--lazy', this.path)
      rmSync(folder, { recursive: true })
    })
  }

  /** All that was written so far is on the disk. */
  sync(): void {
    run('sync', '-f', this.path)
  }

  /** This file is. @param file below `path` */
  write(file: string): void {
    run('sync', join(this.path, file))
  }

  /** The processes are gone, and with them what was not on the disk. @param end waits until they are gone */
  async cut(pids: readonly number[], end: () => Promise<unknown>): Promise<void> {
    const after = `${this.#image}.after`
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    run('cp', '--sparse=always', this.#image, after)
    await end()
    // Writes the rest to the old file, which is then thrown away.
    // Threads of who was killed may have their files for a moment longer than it.
    await eventually(() => run('umount', this.path), { everyMs: 50 })
    renameSync(after, this.#image)
    this.#mount()
  }

  #mount(): void {
    run('mount', '-o', 'loop,commit=600,noatime', this.#image, this.path)
  }
}

/** In memory where there is room: there the writes of several engines do not wait for a real disk, which proves nothing more. */
function placeFor(megabytes: number): string {
  const memory = '/dev/shm'
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize > 2 * megabytes * 1024 * 1024 ? memory : tmpdir()
}
