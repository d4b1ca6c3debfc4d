import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'

/** A download that gets no byte for so long has ended. */
const STALL_MS = 30_000

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/**
 * Downloads a file whose size and hash are known. What is there of an earlier try (`<path>.part`) is gone on with; the file has its name only when it is whole and right.
 * @param onProgress bytes that are there
 * @throws Error in words for who typed the command
 */
export async function download(
  { url, size, sha256 }: Readonly<{ url: string; size: number; sha256: string }>,
  path: string,
  onProgress: (bytes: number) => void,
  stallMs = STALL_MS,
): Promise<void> {
  const part = `${path}.part`
  let have = await stat(part).then(
    (found) => found.size,
    () => 0,
  )
  if (have > size) have = 0
  if (have < size) {
    const stalled = new AbortController()
    let timer = setTimeout(() => stalled.abort(), stallMs)
    try {
      const response = await fetch(url, {
        signal: stalled.signal,
        headers: have > 0 ? { range: `bytes=${have}-` } : {},
      })
      if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`)
      // One that knows no ranges begins anew.
      if (response.status !== 206) have = 0
      const arriving = Readable.fromWeb(response.body)
      const counted = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          clearTimeout(timer)
          timer = setTimeout(() => stalled.abort(), stallMs)
          if ((have += chunk.length) > size) throw new Error('the server sends more than the file has')
          onProgress(have)
          yield chunk
        }
      }
      await pipeline(arriving, counted, createWriteStream(part, { flags: have > 0 ? 'a' : 'w' }))
    } catch (error) {
      if (stalled.signal.aborted) throw new Error(`nothing came for ${stallMs / 1_000} s`, { cause: error })
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
  if (have < size)
    throw new Error(`the connection ended after ${have} of ${size} bytes; the next try goes on from there`)
  if ((await sha256Of(part)) !== sha256) {
    await rm(part)
    throw new Error('what came is not the file that was expected (its SHA-256 is another); it was thrown away')
  }
  await rename(part, path)
}
