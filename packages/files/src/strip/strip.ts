import type { Metadata } from 'sharp'
import { fileErrors } from '../errors.ts'
import { stripGif } from './gif.ts'
import { stripJpeg, Unexpected } from './jpeg.ts'
import { stripPng } from './png.ts'
import { stripWebp } from './webp.ts'

const unlessTurned = (strip: (bytes: Buffer) => Buffer) => (bytes: Buffer, orientation?: number) =>
  (orientation ?? 1) === 1 ? strip(bytes) : undefined

const STRIPPERS: Readonly<Record<string, (bytes: Buffer, orientation?: number) => Buffer | undefined>> = {
  'image/jpeg': stripJpeg,
  'image/png': unlessTurned(stripPng),
  'image/apng': unlessTurned(stripPng),
  'image/webp': unlessTurned(stripWebp),
  'image/gif': unlessTurned(stripGif),
}

/**
 * A picture without what its camera and its programs wrote beside it: place, time, device, author, texts, previews, appended films. It looks
 * as before: turned the same way, with its colour profile and all its frames. JPEG, PNG, WebP and GIF keep their image data byte by
 * byte; others, and those that are turned by a note outside a JPEG, are encoded anew.
 * @returns the bytes given, if there was nothing to take out
 * @throws IMAGE_UNREADABLE
 */
export async function stripMetadata(bytes: Buffer, mime: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp')
  try {
    const metadata = await sharp(bytes).metadata()
    const strip = STRIPPERS[mime]
    const stripped = strip && withoutEncoding(() => strip(bytes, metadata.orientation))
    if (stripped) return stripped.equals(bytes) ? bytes : stripped
    if (!strip && !mentions(metadata)) return bytes
    const image = sharp(bytes, { animated: true }).autoOrient().keepIccProfile()
    if (metadata.format === 'heif') return await image.avif({ quality: 80 }).toBuffer()
    if (metadata.format === 'tiff') return await image.tiff({ compression: 'deflate' }).toBuffer()
    // With a quality, a PNG would get a palette.
    if (metadata.format === 'png') return await image.png().toBuffer()
    return await image.toFormat(metadata.format, { quality: 92 }).toBuffer()
  } catch (error) {
    throw fileErrors.IMAGE_UNREADABLE({ cause: error })
  }
}

/** Undefined for bytes that are not quite what their format says. */
function withoutEncoding(strip: () => Buffer | undefined): Buffer | undefined {
  try {
    return strip()
  } catch (error) {
    if (error instanceof Unexpected || error instanceof RangeError) return undefined
    throw error
  }
}

const mentions = ({ exif, xmp, iptc, tifftagPhotoshop, comments, orientation = 1 }: Metadata): boolean =>
  [exif, xmp, iptc, tifftagPhotoshop, comments].some((found) => found !== undefined) || orientation !== 1
