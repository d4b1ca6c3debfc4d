import { Readable } from 'node:stream'
import type * as Sdk from '@aws-sdk/client-s3'
import { newId } from '@bigtech/kernel'
import type { BlobStore } from './blob-store.ts'
import { asFileError, createMeasure, KEY, unavailable } from './measure.ts'

export type S3Options = Readonly<{
  /** Default: that of AWS in the region. */
  endpoint?: string
  region?: string
  bucket: string
  /** Before the keys of the objects, so that services can share a bucket: `chat/`. */
  prefix: string
  /** Default: as the SDK finds them (environment, instance role). */
  credentials?: Readonly<{ accessKeyId: string; secretAccessKey: string }>
}>

export type StoredBlob = Readonly<{ key: string; bytes: number }>

export type S3BlobStore = BlobStore &
  Readonly<{
    /** All blobs, oldest first. */
    list(): Promise<StoredBlob[]>
    /** @throws FILE_STORAGE_UNAVAILABLE */
    check(): Promise<void>
    /** Aborts uploads that began before (epoch ms) and whose process must have died. @returns how many */
    abortUploads(before: number): Promise<number>
    close(): void
  }>

/** Bytes of a part: the least that S3 takes. Bounds what an upload keeps in memory, together with PARTS_AT_ONCE. */
const PART_BYTES = 5 * 1024 * 1024
const PARTS_AT_ONCE = 2
const ANSWER_MS = 4_000
/** No upload takes so long, ms. */
const ABANDONED_MS = 24 * 3_600_000

/**
 * Blobs as objects of a bucket that speaks S3. What is longer than a part goes up in parts, so that no file is ever in memory whole; one that
 * fails on the way is aborted and leaves nothing. The bucket is made if it is not there.
 * @throws FILE_STORAGE_UNAVAILABLE, or what the store says of credentials that it refuses
 */
export async function createS3BlobStore(options: S3Options): Promise<S3BlobStore> {
  const sdk = await import('@aws-sdk/client-s3')
  const { Upload } = await import('@aws-sdk/lib-storage')
  const { bucket: Bucket, prefix } = options
  const client = new sdk.S3Client({
    region: options.region ?? 'us-east-1',
    // Only AWS itself knows buckets as hosts.
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint, forcePathStyle: true }),
    ...(options.credentials ? { credentials: options.credentials } : {}),
    maxAttempts: 2,
    // Of a part, until the store has answered: both attempts together are over before whoever uploads gives up. It is near, and its line is fast.
    requestHandler: { connectionTimeout: 2_000, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
  })
  const objectOf = (key: string) => ({ Bucket, Key: prefix + key })
  await faultsOf(ensureBucket(sdk, client, Bucket))

  async function abortUploads(before: number): Promise<number> {
    let aborted = 0
    const abort = async () => {
      let next: { KeyMarker: string | undefined; UploadIdMarker: string | undefined } | undefined
      do {
        const page = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: prefix, ...next }))
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          if (!Initiated || Initiated.getTime() >= before) continue
          await client.send(new sdk.AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
          aborted++
        }
        next = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined
      } while (next)
    }
    await faultsOf(abort())
    return aborted
  }

  async function listAll(): Promise<StoredBlob[]> {
    const found: StoredBlob[] = []
    let ContinuationToken: string | undefined
    do {
      const page = await client.send(
        new sdk.ListObjectsV2Command({ Bucket, Prefix: prefix, ...(ContinuationToken ? { ContinuationToken } : {}) }),
      )
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        const key = Key.slice(prefix.length)
        if (KEY.test(key)) found.push({ key, bytes: Size })
      }
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (ContinuationToken)
    // A key begins with its time.
    return found.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  }

  return {
    async put(source, { maxBytes }) {
      const key = newId()
      const measure = createMeasure(maxBytes)
      let fault: { error: unknown } | undefined
      async function* measured() {
        try {
          for await (const chunk of source) {
            measure.take(chunk)
            yield chunk
          }
        } catch (error) {
          fault = { error }
          throw error
        }
      }
      const upload = new Upload({
        client,
        params: { ...objectOf(key), Body: Readable.from(measured(), { objectMode: false }) },
        partSize: PART_BYTES,
        queueSize: PARTS_AT_ONCE,
        leavePartsOnError: false,
      })
      try {
        await upload.done()
      } catch (error) {
        throw fault ? asFileError(fault.error) : serviceFault(error)
      }
      return { key, ...measure.end() }
    },

    async open(key, range) {
      if (!KEY.test(key)) return undefined
      const Range = range && `bytes=${range.start}-${range.end ?? ''}`
      try {
        const found = await client.send(new sdk.GetObjectCommand({ ...objectOf(key), ...(Range ? { Range } : {}) }))
        // `bytes 2-4/10`
        const whole = found.ContentRange?.split('/')[1] ?? found.ContentLength ?? 0
        return { stream: found.Body as Readable, size: Number(whole) }
      } catch (error) {
        if (statusOf(error) === 404) return undefined
        throw serviceFault(error)
      }
    },

    async delete(key) {
      if (KEY.test(key)) await faultsOf(client.send(new sdk.DeleteObjectCommand(objectOf(key))))
    },

    async exists(key) {
      if (!KEY.test(key)) return false
      try {
        await client.send(new sdk.HeadObjectCommand(objectOf(key)))
        return true
      } catch (error) {
        if (statusOf(error) === 404) return false
        throw serviceFault(error)
      }
    },

    list: () => faultsOf(listAll()),

    check: async () => void (await faultsOf(client.send(new sdk.HeadBucketCommand({ Bucket })))),

    abortUploads,
    tidy: async (now) => void (await abortUploads(now - ABANDONED_MS)),
    close: () => client.destroy(),
  }
}

async function ensureBucket(sdk: typeof Sdk, client: Sdk.S3Client, Bucket: string): Promise<void> {
  try {
    await client.send(new sdk.HeadBucketCommand({ Bucket }))
  } catch (error) {
    if (statusOf(error) !== 404) {
      // An answer to HEAD has no body, and so no words for what is refused.
      if (statusOf(error) !== undefined) await client.send(new sdk.ListObjectsV2Command({ Bucket, MaxKeys: 1 }))
      throw error
    }
    try {
      await client.send(new sdk.CreateBucketCommand({ Bucket }))
    } catch (raced) {
      // Another process of the same service was first.
      if (!(raced as Error).name.startsWith('BucketAlready')) throw raced
    }
  }
}

/** Of an answer; undefined when there was none. */
const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode

/** A store that is down, slow or out of order, or that cannot be reached; a refusal (wrong credentials, no such bucket) stays what it is. */
function serviceFault(error: unknown): unknown {
  const status = statusOf(error)
  return status !== undefined && status >= 400 && status < 500 && status !== 429 ? error : unavailable(error)
}

const faultsOf = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw serviceFault(error)
  })
