import { makeThumbnail, sniffType, type BlobStore } from '@bigtech/files'
import { AppError } from '@bigtech/kernel'
import { userErrors } from '../../contract/errors.ts'
import type { UserId } from '../../contract/ids.ts'
import { decideChangeImage } from '../../domain/decide-user.ts'
import type { User } from '../../domain/user.ts'
import type { UserStore } from '../../ports.ts'
import type { Profiles } from '../../views/profiles.ts'
import { changeUser, type ChangeContext } from '../../access/change-user.ts'

export type ChangeImagePorts = ChangeContext & Readonly<{ store: UserStore; profiles: Profiles; blobs: BlobStore }>

export const MAX_IMAGE_BYTES = 5 * 1024 * 1024
const MAX_SIDE_PX = 512
const ACCEPTED = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif'])
/** What senders say when they do not know. */
const NO_CLAIM = new Set(['', 'application/octet-stream', 'image/*'])

/**
 * Stores the image as a WebP of at most 512 pixels without metadata, and drops the one before.
 * @throws IMAGE_TYPE_UNSUPPORTED, IMAGE_UNREADABLE, FILE_STORAGE_UNAVAILABLE
 */
export async function changeImage(
  ports: ChangeImagePorts,
  userId: UserId,
  image: { bytes: Uint8Array; declaredType: string },
): Promise<User> {
  await requireHonestType(image)
  const { data } = await makeThumbnail(image.bytes, { maxSize: MAX_SIDE_PX })
  const { key } = await ports.blobs.put(once(data), { maxBytes: MAX_IMAGE_BYTES })
  try {
    return await setImage(ports, userId, key)
  } catch (error) {
    // Where nobody knows whether it was saved, a picture too many is better than one too few.
    if (!(error instanceof AppError && error.code === 'STORAGE_UNCERTAIN')) await ports.blobs.delete(key)
    throw error
  }
}

export const removeImage = (ports: ChangeImagePorts, userId: UserId): Promise<User> => setImage(ports, userId, null)

async function setImage(ports: ChangeImagePorts, userId: UserId, key: string | null): Promise<User> {
  let before: string | null = null
  const user = await ports.store.transaction((tx) =>
    changeUser(tx, ports, userId, (user) => {
      before = user.image_key
      return decideChangeImage(user, key)
    }),
  )
  await ports.profiles.forget(userId)
  if (before !== null && before !== key) await ports.blobs.delete(before)
  return user
}

async function requireHonestType({ bytes, declaredType }: { bytes: Uint8Array; declaredType: string }): Promise<void> {
  const real = await sniffType(bytes)
  const declared = declaredType.split(';', 1)[0]!.trim().toLowerCase().replace('image/jpg', 'image/jpeg')
  if (!real || !ACCEPTED.has(real.mime) || !(NO_CLAIM.has(declared) || declared === real.mime))
    throw userErrors.IMAGE_TYPE_UNSUPPORTED()
}

async function* once(data: Uint8Array) {
  yield data
}
