import { open, readFile, stat } from 'node:fs/promises'

/** What `@napi-rs/whisper` is built for: on Linux with glibc only. */
const BUILT_FOR: readonly string[] = ['linux-x64', 'darwin-x64', 'darwin-arm64']
/** A ggml file begins with the number 0x67676d6c, little-endian. */
const MAGIC = 'lmgg'

/** Whether the addon can run here, as far as one sees without loading it: it is installed, built for this machine, and the processor has AVX2. */
export async function runsHere(): Promise<boolean> {
  if (!BUILT_FOR.includes(`${process.platform}-${process.arch}`)) return false
  try {
    import.meta.resolve('@napi-rs/whisper')
  } catch {
    return false
  }
  const processor = await readFile('/proc/cpuinfo', 'utf8').catch(() => undefined)
  return processor === undefined || /^flags\s*:.*\bavx2\b/m.test(processor)
}

/** Whether there is a file that begins as models of whisper.cpp do. */
export async function isModelFile(path: string): Promise<boolean> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 4 && buffer.toString('latin1') === MAGIC
  } catch {
    return false
  }
}

/** Tells a file from one that is put in its place; undefined where there is none that begins as a model does. */
export async function identityOf(path: string): Promise<string | undefined> {
  if (!(await isModelFile(path))) return undefined
  const found = await stat(path).catch(() => undefined)
  return found && `${found.ino} ${found.size} ${found.mtimeMs}`
}
