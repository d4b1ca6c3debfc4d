import type { Readable } from 'node:stream'

export type StoredBlob = Readonly<{
  /** made by the store: 36 characters of [0-9a-f-] */
  key: string
  /** bytes */
  size: number
  /** hex */
  sha256: string
}>

/** Byte positions as in HTTP: both inclusive, `end` clipped to the last byte. */
export type ByteRange = Readonly<{ start: number; end?: number }>

/**
 * Keeps files that never change.
 *
 * - `put` reads the source to its end and resolves when the blob is durable. If it rejects (source failed, FILE_TOO_LARGE,
 *   FILE_STORAGE_UNAVAILABLE when the disk is full or out of order), nothing stays behind.
 * - `open` gives undefined for an unknown or malformed key; `size` is that of the whole blob, whatever the range.
 *   The caller reads or destroys the stream.
 * - `delete` of an unknown key is no error.
 * - `tidy`, where there is one, is called now and then by one process of the service: it removes what uploads of processes that died left behind.
 */
export interface BlobStore {
  put(source: AsyncIterable<Uint8Array>, options: { maxBytes: number }): Promise<StoredBlob>
  open(key: string, range?: ByteRange): Promise<{ stream: Readable; size: number } | undefined>
  delete(key: string): Promise<void>
  exists(key: string): Promise<boolean>
  tidy?(now: number): Promise<void>
}
