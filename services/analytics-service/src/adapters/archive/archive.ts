import { buffer } from 'node:stream/consumers'
import type { S3BlobStore } from '@bigtech/files/s3'

export type Stored = Readonly<{ name: string; bytes: number }>

/** Objects that never change, for all processes of the service. Names are the store's own and begin with the time (UUIDv7). */
export type Archive = Readonly<{
  put(bytes: Uint8Array): Promise<string>
  /** Of all there are. */
  list(): Promise<readonly Stored[]>
  /** Undefined when another process has removed it. */
  get(name: string): Promise<Uint8Array | undefined>
  remove(name: string): Promise<void>
}>

/** Larger than any object that is written here: of 20,000 facts, or of those that were put together. */
const MAX_BYTES = 1_024 ** 3

export const createBlobArchive = (blobs: Pick<S3BlobStore, 'put' | 'list' | 'open' | 'delete'>): Archive => ({
  async put(bytes) {
    async function* once() {
      yield bytes
    }
    return (await blobs.put(once(), { maxBytes: MAX_BYTES })).key
  },
  list: async () => (await blobs.list()).map(({ key, bytes }) => ({ name: key, bytes })),
  async get(name) {
    const found = await blobs.open(name)
    return found && buffer(found.stream)
  },
  remove: (name) => blobs.delete(name),
})

/** When an object was made, ms since the epoch: what its name begins with. */
export const madeAt = (name: string): number => Number.parseInt(name.replaceAll('-', '').slice(0, 12), 16)
