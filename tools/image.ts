/** The image, without Docker: `npm run image -- install|build|size|run|sbom`; see docs/deployment.md. */
import { existsSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { config } from '@bigtech/server/config'
import { StackError } from './stack/work.ts'
import { build, install } from './image/build.ts'
import { rootfs, sizes } from './image/layout.ts'
import { start } from './image/run.ts'
import { sbom } from './image/sbom.ts'

const HELP = `npm run image -- install            what it takes: packages of Debian, and an image to build in
npm run image -- build [--without speech,statistics]
                                    infrastructure/docker/Dockerfile, by buildah
npm run image -- size               of what was built, in bytes
npm run image -- run [COMMAND]      start it as containers are: read-only, as its user, by bubblewrap
npm run image -- sbom [FILE]        what is in it, as CycloneDX`

function size(): void {
  const { parts, ...whole } = sizes()
  const rows = [...Object.entries(whole), ...Object.entries(parts)]
  for (const [name, bytes] of rows) console.log(`${name.padEnd(24)}${(bytes / 1e6).toFixed(1).padStart(7)} MB`)
}

/** What this shell says goes into the container as far as the program reads it; where data is, the image says. */
const settings = new Set(Array.from(config.envExample().matchAll(/^#?([A-Z0-9_]+)=/gm), ([, name]) => name!))
const isSetting = (name: string) => settings.has(name) && name !== 'DATA_DIR'

/** @throws StackError that names what there is not */
function options(args: string[]): { without?: string } {
  try {
    return parseArgs({ args, options: { without: { type: 'string' } } }).values
  } catch (error) {
    throw new StackError(`build: ${(error as Error).message}`)
  }
}

function needBuilt(): void {
  if (!existsSync(rootfs())) throw new StackError('nothing was built here yet: npm run image -- build')
}

const commands: Record<string, (args: string[]) => void | Promise<void>> = {
  install,
  build(args) {
    const { without } = options(args)
    install()
    build(without === undefined ? {} : { without })
    size()
  },
  size() {
    needBuilt()
    size()
  },
  sbom([file]) {
    needBuilt()
    const text = `${JSON.stringify(sbom(), null, 2)}\n`
    if (file === undefined) process.stdout.write(text)
    else writeFileSync(file, text)
  },
  run: async (command) => {
    needBuilt()
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => isSetting(name))) as Record<
      string,
      string
    >
    const { child, kill } = start({ env, stdio: 'inherit', ...(command.length > 0 ? { command } : {}) })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void kill(signal))
    child.on('exit', (code) => process.exit(code ?? 1))
  },
}

const [word = 'help', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, word) ? commands[word] : undefined
try {
  if (command) await command(args)
  else console.log(HELP)
  if (!command && word !== 'help') {
    console.error(`unknown: ${word}`)
    process.exitCode = 2
  }
} catch (error) {
  if (!(error instanceof StackError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
