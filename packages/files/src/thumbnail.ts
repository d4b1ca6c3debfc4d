import { fileErrors } from './errors.ts'

export type Thumbnail = Readonly<{ data: Buffer; mime: 'image/webp'; width: number; height: number }>

/** 50 megapixels: beyond any phone's camera, far below what fills memory. */
const MAX_PIXELS = 50_000_000

/**
 * A small WebP of an image (the first frame of a moving one): turned upright, without metadata such as the place it was taken.
 * @param source a path or the bytes
 * @param options.maxSize longest side in pixels; a smaller image keeps its size
 * @param options.maxPixels of the source; more is refused before it is decoded (decompression bombs)
 * @throws IMAGE_UNREADABLE
 */
export async function makeThumbnail(
  source: string | Uint8Array,
  options: { maxSize: number; maxPixels?: number },
): Promise<Thumbnail> {
  const { default: sharp } = await import('sharp')
  try {
    const { data, info } = await sharp(source, {
      limitInputPixels: options.maxPixels ?? MAX_PIXELS,
      failOn: 'error',
      pages: 1,
    })
      .autoOrient()
      .resize({ width: options.maxSize, height: options.maxSize, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer({ resolveWithObject: true })
    return { data, mime: 'image/webp', width: info.width, height: info.height }
  } catch (error) {
    throw fileErrors.IMAGE_UNREADABLE({ cause: error })
  }
}
