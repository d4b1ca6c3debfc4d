import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { tempDir, type Cleanup } from '@bigtech/testkit'

/** Of a machine on which nothing was built. */
function image(t: Cleanup, ...args: string[]) {
  const env = { ...process.env, STACK_DIR: tempDir(t) }
  return spawnSync(process.execPath, [join(import.meta.dirname, '../image.ts'), ...args], { env, encoding: 'utf8' })
}

test('what is not known is named, before anything is built', (t) => {
  for (const args of [['bild'], ['build', '--foo'], ['build', 'everything'], ['build', '--without']]) {
    const { status, stderr } = image(t, ...args)
    assert.ok(status! > 0, args.join(' '))
    assert.match(stderr, new RegExp(args.at(-1)!.replace('--', '')), args.join(' '))
    assert.doesNotMatch(stderr, /^\s+at /m, 'a sentence, no stack')
  }
})

test('what needs an image says that there is none', (t) => {
  for (const args of [['size'], ['sbom'], ['run']]) {
    const { status, stderr } = image(t, ...args)
    assert.deepEqual([status, stderr], [1, 'nothing was built here yet: npm run image -- build\n'], args.join(' '))
  }
})
