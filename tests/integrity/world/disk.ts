import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cleanup } from '@bigtech/testkit'

/** A folder on a disk of its own that can be made full; or a plain folder, and why it cannot. */
export type Disk = {
  dir: string
  /** undefined: this disk cannot be filled here */
  fill: (() => void) | undefined
  free(): void
  reason: string
}

const SIZE_KIB = 8 * 2 ** 20

/** A tmpfs takes the memory of what is in it, not of its size; it is full once its size is what is in use. */
export function createDisk(t: Cleanup): Disk {
  const dir = mkdtempSync(join(tmpdir(), 'bigtech-integrity-'))
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }))
  const mounted = mount('-t', 'tmpfs', '-o', `size=${SIZE_KIB}k`, 'bigtech-integrity', dir)
  if (mounted !== '') return { dir, fill: undefined, free: () => {}, reason: mounted }
  const unmount = () => void spawnSync('umount', ['--lazy', dir])
  t.after(unmount)
  process.once('exit', unmount)
  const resize = (kib: number) => mount('-o', `remount,size=${kib}k`, dir)
  return {
    dir,
    reason: '',
    fill() {
      // What is written between looking and resizing makes the size too small, which is refused: a little more is left each time.
      let refused = ''
      for (let tries = 0; tries < 50; tries++) {
        refused = resize(usedKiB(dir) + tries * 64)
        if (refused === '') return
      }
      throw new Error(`the disk could not be filled: ${refused}`)
    },
    free() {
      const refused = resize(SIZE_KIB)
      if (refused !== '') throw new Error(`the disk could not be freed: ${refused}`)
    },
  }
}

function usedKiB(dir: string): number {
  const { blocks, bfree, bsize } = statfsSync(dir)
  return ((blocks - bfree) * bsize) / 1_024
}

/** @returns what went wrong; empty when nothing did */
function mount(...args: string[]): string {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' })
  return status === 0 ? '' : (stderr || error?.message || 'mount failed').trim()
}
