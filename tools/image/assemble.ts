/**
 * What is in the image, made in the first stage of infrastructure/docker/Dockerfile: `node tools/image/assemble.ts base|app FOLDER`.
 * `base`: FOLDER/base, libraries of the system. `app`, in a clone with its web client built: FOLDER/node, FOLDER/libraries, FOLDER/app, FOLDER/data.
 * Folders of their own, as what seldom changes should be a layer of its own. `WITHOUT` in the environment: parts that are left out.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { makeBase, USER } from './base.ts'
import { isUnneeded, partsOf, type Part } from './unneeded.ts'

const root = join(import.meta.dirname, '../..')
const SOURCES = ['package.json', 'package-lock.json', '.npmrc', 'LICENSE', 'apps', 'packages', 'services']

/** Where it is in the image, and so while it is made: compiled code is found by the names of its files. */
const APP = '/app'
/** The lock file has it for each platform. */
const NODE = `node-linux-${process.arch}`
/** As in its CMD: code that was compiled with other options is not taken. */
const PROGRAM = ['--max-semi-space-size=32', 'apps/server/src/main.ts']

const [what, folder] = process.argv.slice(2)
if (!folder || (what !== 'base' && what !== 'app')) throw new Error('node tools/image/assemble.ts base|app FOLDER')
if (what === 'base') makeBase(join(folder, 'base'))
else makeApp(folder, partsOf(process.env['WITHOUT'] ?? ''))

function makeApp(folder: string, without: readonly Part[]): void {
  // Where it could not be built, the program that builds it says so and goes on: a server is of use without it, an image is not.
  if (!existsSync(join(root, 'apps/web/dist/.sources'))) throw new Error('the web client is not built')
  for (const name of SOURCES)
    cpSync(join(root, name), join(APP, name), {
      recursive: true,
      filter: (source) => !/\/node_modules$|\/\.vite$/.test(source),
    })
  const install = ['ci', '--omit=dev', '--workspace=apps/server', '--ignore-scripts', '--prefer-offline']
  execFileSync('npm', [...install, '--loglevel=error'], { cwd: APP, stdio: ['ignore', 'ignore', 'inherit'] })
  prune('', [])
  for (const name of ['package-lock.json', '.npmrc']) rmSync(join(APP, name))

  const bin = folderIn(folder, 'node/usr/local/bin')
  cpSync(join(root, `node_modules/${NODE}/bin/node`), join(bin, 'node'))
  const licences = folderIn(folder, 'node/usr/share/doc/node')
  cpSync(join(root, `node_modules/${NODE}/LICENSE`), join(licences, 'copyright'))
  // Names of functions, for debuggers: a tenth of Node, a sixth of DuckDB.
  const native = globSync('node_modules/**/*.{node,so}', { cwd: APP }).map((path) => join(APP, path))
  execFileSync('strip', ['--strip-unneeded', join(bin, 'node'), ...native])

  compile(join(bin, 'node'))
  // The whole program was started for it.
  prune('', without)
  renameSync(join(APP, 'node_modules'), join(folderIn(folder, 'libraries/app'), 'node_modules'))
  renameSync(APP, join(folderIn(folder, 'app'), 'app'))
  folderIn(folder, 'data')
}

/**
 * What a start compiles, once for all starts: about a third of the processor time of one. As the image's user, since Node keeps it apart by user; root owns it in the
 * image, and what other starts compile is then not kept.
 */
function compile(node: string): void {
  const cache = join(APP, '.compiled')
  mkdirSync(cache)
  chownSync(cache, USER, USER)
  const env = { NODE_ENV: 'production', NODE_COMPILE_CACHE: cache }
  const as = { cwd: APP, env, uid: USER, gid: USER, stdio: 'inherit' } as const
  execFileSync(node, [...PROGRAM, '--warm'], as)
  // Nothing answers it here: it says so, and has been compiled.
  spawnSync(node, ['apps/server/src/health-check.ts'], { ...as, stdio: 'ignore' })
  for (const path of globSync('**/*', { cwd: cache }).map((name) => join(cache, name))) {
    chownSync(path, 0, 0)
    // Node wrote it for its user alone.
    chmodSync(path, lstatSync(path).isDirectory() ? 0o755 : 0o644)
  }
  chownSync(cache, 0, 0)
}

function folderIn(folder: string, path: string): string {
  mkdirSync(join(folder, path), { recursive: true })
  return join(folder, path)
}

/** Deletes what is not needed, and folders in which nothing is left. */
function prune(below: string, without: readonly Part[]): void {
  for (const name of readdirSync(join(APP, below))) {
    const path = below === '' ? name : `${below}/${name}`
    const full = join(APP, path)
    if (isUnneeded(path, without)) rmSync(full, { recursive: true })
    else if (lstatSync(full).isDirectory()) {
      prune(path, without)
      if (readdirSync(full).length === 0) rmdirSync(full)
    }
  }
}
