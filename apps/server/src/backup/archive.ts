import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress, createZstdDecompress, zstdCompressSync } from 'node:zlib'
import { syncFolder } from '@bigtech/files'
import { StartupError } from '../startup-error.ts'
import { whileTemporary } from './temporary.ts'

/**
 * A backup is one file: tar, compressed (zstd), and with a passphrase encrypted (age): `age -d FILE | zstd -d | tar x` reads it without this program.
 * https://age-encryption.org/v1
 */

const AGE = 'age-encryption.org/v1'

/** Who unpacks it notices whatever comes out changed, also between the files, of which no hash says anything. */
const CHECKED = { params: { [constants.ZSTD_c_checksumFlag]: 1 } }

/** Packs files of a folder, in their order. It is there when it is whole, and durable. @returns bytes */
export async function writeArchive(
  file: string,
  { folder, names, passphrase }: Readonly<{ folder: string; names: readonly string[]; passphrase: string | undefined }>,
): Promise<number> {
  const tar = await import('tar')
  const partial = `${file}.partial`
  await whileTemporary(partial, async () => {
    // Minipass, which tar is, has the interface of a stream and is none.
    const packed = new PassThrough()
    const packing = tar.create({ cwd: folder, portable: true, noDirRecurse: true }, [...names])
    packing.on('error', (error) => packed.destroy(error as Error))
    packing.pipe(packed as never)
    const compressed = packed.pipe(createZstdCompress(CHECKED))
    packed.on('error', (error) => compressed.destroy(error))
    const source = passphrase === undefined ? compressed : await encrypted(compressed, passphrase)
    await pipeline(source, createWriteStream(partial, { mode: 0o600, flush: true }))
    await rename(partial, file)
    await syncFolder(dirname(file))
  })
  return (await stat(file)).size
}

/** Unpacks a backup into an empty folder; what is in it is none of its business. @throws StartupError that says why it cannot be read */
export async function readArchive(
  file: string,
  { into, passphrase }: Readonly<{ into: string; passphrase: string | undefined }>,
): Promise<void> {
  const tar = await import('tar')
  const hidden = await isEncrypted(file)
  if (hidden && passphrase === undefined)
    throw new StartupError('The backup is encrypted: give its passphrase (BACKUP_PASSPHRASE, or --passphrase-file).')
  try {
    const bytes = createReadStream(file)
    const compressed = hidden ? await decrypted(bytes, passphrase!) : bytes
    const unpacked = tar.extract({ cwd: into, strict: true, preserveOwner: false, preservePaths: false })
    const decompress = createZstdDecompress()
    await pipeline(compressed, decompress, unpacked as never)
    // It ends with its frame and says nothing of what follows; what is encrypted cannot have anything behind it.
    if (!hidden && !(await isEnd(file, decompress.bytesWritten)))
      throw new Error(`something follows after its end, at byte ${decompress.bytesWritten}`)
  } catch (error) {
    // What the system says, of a full disk say, is no fault of the backup.
    if (error instanceof StartupError || (error as NodeJS.ErrnoException).syscall !== undefined) throw error
    throw new StartupError(
      `${file} is no backup, or is damaged: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** Frames of nothing: with a checksum, and as versions wrote them that made none. */
const NOTHING: readonly Buffer[] = [CHECKED, {}].map((options) => zstdCompressSync(Buffer.alloc(0), options))
const MOST = 1 + Math.max(...NOTHING.map(({ length }) => length))

/** Whether a file ends there, but for a frame of nothing: Node's compressor adds one when its end comes before the last that it was given is done. */
async function isEnd(file: string, at: number): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST), 0, MOST, at)
    const rest = buffer.subarray(0, bytesRead)
    return rest.length === 0 || NOTHING.some((frame) => frame.equals(rest))
  } finally {
    await handle.close()
  }
}

async function encrypted(source: Readable, passphrase: string): Promise<Readable> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  return fromWeb(await encrypter.encrypt(toWeb(source)))
}

async function decrypted(source: Readable, passphrase: string): Promise<Readable> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addPassphrase(passphrase)
  try {
    return fromWeb(await decrypter.decrypt(toWeb(source)))
  } catch (error) {
    source.destroy()
    const isWrong = error instanceof Error && /no identity matched/.test(error.message)
    throw isWrong ? new StartupError('The passphrase is not the one of this backup.') : error
  }
}

const toWeb = (stream: Readable) => Readable.toWeb(stream) as ReadableStream<Uint8Array>
const fromWeb = (stream: ReadableStream<Uint8Array>) => Readable.fromWeb(stream as never)

export const isEncrypted = (file: string): Promise<boolean> => beginsWith(file, AGE)

async function beginsWith(file: string, text: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(text.length), 0, text.length, 0)
    return buffer.toString('latin1', 0, bytesRead) === text
  } finally {
    await handle.close()
  }
}
