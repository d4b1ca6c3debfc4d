/**
 * `node build.ts`: builds the web client into `dist`, unless what is there was made from these sources. `--check`: builds into a
 * folder that is thrown away, to see that it can be built.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const root = import.meta.dirname
const dist = join(root, 'dist')
const stamp = join(dist, '.sources')
/** What people on a slow network wait for. */
const FIRST_SCREEN_BYTES = 150_000

/** Of everything the bundle is made of: the sources of both workspaces, and the versions of the libraries. */
function hashOfSources(): string {
  const files = globSync(
    ['{src,public}/**/*.*', 'index.html', 'vite.config.ts', 'package.json', '../../packages/client/src/**/*.ts'],
    { cwd: root },
  )
  const hash = createHash('sha256')
  for (const file of [...files.sort(), '../../package-lock.json'])
    if (existsSync(join(root, file))) hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

type Chunk = { file: string; css?: string[]; imports?: string[] }

/** Scripts and styles that a browser needs to show the room list, as they go over the wire. */
function firstScreenBytes(folder: string): number {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    Chunk | undefined
  >
  const files = new Set<string>()
  const add = (name: string) => {
    const { file, css = [], imports = [] } = manifest[name]!
    if (files.has(file)) return
    for (const one of [file, ...css]) files.add(one)
    imports.forEach(add)
  }
  for (const name of ['index.html', 'src/screens/rooms/RoomsScreen.vue']) add(name)
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0)
}

async function make(outDir: string, logLevel: 'warn' | 'silent'): Promise<void> {
  const { build } = await import('vite')
  await build({ root, logLevel, build: { outDir, emptyOutDir: true } })
  await makeWorker(outDir, logLevel)
}

/** One file that imports nothing, as not all browsers know service workers made of modules; it knows the files that were built. */
async function makeWorker(outDir: string, logLevel: 'warn' | 'silent'): Promise<void> {
  const { build } = await import('vite')
  const files = globSync('**/*.*', { cwd: outDir }).filter((name) => !/^(index\.html|screenshots[\\/])/.test(name))
  const hash = createHash('sha256')
  for (const name of ['index.html', ...files.sort()]) hash.update(`${name}\n`).update(readFileSync(join(outDir, name)))
  await build({
    root,
    logLevel,
    configFile: false,
    publicDir: false,
    define: {
      SHELL_FILES: JSON.stringify(files.map((name) => `/${name.replaceAll('\\', '/')}`)),
      SHELL_VERSION: JSON.stringify(hash.digest('hex').slice(0, 16)),
    },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(root, 'src/worker/main.ts'),
        output: { format: 'iife', entryFileNames: 'worker.js' },
      },
    },
  })
}

if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'bigtech-web-'))
  try {
    await make(folder, 'warn')
    const bytes = firstScreenBytes(folder)
    console.log(`first screen: ${(bytes / 1_000).toFixed(1)} kB gzip (at most ${FIRST_SCREEN_BYTES / 1_000})`)
    if (bytes > FIRST_SCREEN_BYTES) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
} else {
  const hash = hashOfSources()
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== hash) {
    console.log('Building the web client (once, and after changes) …')
    try {
      await make(dist, 'warn')
      writeFileSync(stamp, hash)
    } catch (error) {
      // The server is of use without it, and its start page says that it is missing.
      console.error('The web client could not be built; the server starts without it:', error)
    }
  }
}
