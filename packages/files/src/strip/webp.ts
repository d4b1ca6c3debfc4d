import { Unexpected } from './jpeg.ts'

const NEEDED = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
/** Bits of VP8X that announce EXIF and XMP. */
const ANNOUNCED = 0x08 | 0x04

/** A WebP, moving or not, of its image chunks and colour profile only. */
export function stripWebp(bytes: Buffer): Buffer {
  const total = Math.min(bytes.length, 8 + bytes.readUInt32LE(4))
  const kept: Buffer[] = []
  for (let at = 12; at + 8 <= total;) {
    const type = bytes.toString('latin1', at, at + 4)
    const size = bytes.readUInt32LE(at + 4)
    const end = at + 8 + size + (size % 2)
    if (at + 8 + size > total) throw new Unexpected('cut off')
    if (NEEDED.has(type)) {
      const chunk = Buffer.from(bytes.subarray(at, Math.min(end, total)))
      if (type === 'VP8X') chunk[8]! &= ~ANNOUNCED
      kept.push(chunk)
    }
    at = end
  }
  if (kept.length === 0) throw new Unexpected('no image')
  const body = Buffer.concat(kept)
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}
