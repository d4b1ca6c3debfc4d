/** Thrown at bytes that are not what the format says: such a picture is encoded anew. */
export class Unexpected extends Error {}

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const APP0 = 0xe0
const APP2 = 0xe2
const APP14 = 0xee

/**
 * A JPEG without EXIF, XMP, IPTC, comments, embedded previews and whatever is appended (moving photos, depth maps). The image data stay as
 * they are; so do what decoding needs (JFIF, Adobe) and the colour profile.
 * @param orientation 2 to 8 is written back, in an EXIF segment that holds nothing else
 */
export function stripJpeg(bytes: Buffer, orientation = 1): Buffer {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw new Unexpected('no JPEG')
  const kept: Buffer[] = [bytes.subarray(0, 2)]
  let turned = orientation < 2
  for (let at = 2; ;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++
    const marker = bytes[at + 1]
    if (bytes[at] !== 0xff || marker === undefined) throw new Unexpected('no marker')
    if (!turned && marker !== APP0) {
      kept.push(orientationOnly(orientation))
      turned = true
    }
    if (marker === EOI) return Buffer.concat([...kept, bytes.subarray(at, at + 2)])
    if (at + 4 > bytes.length) throw new Unexpected('cut off')
    let end = at + 2 + bytes.readUInt16BE(at + 2)
    if (marker === SOS) end = endOfScan(bytes, end)
    if (end > bytes.length) throw new Unexpected('cut off')
    const segment = bytes.subarray(at, end)
    if (isNeeded(marker, segment)) kept.push(segment)
    at = end
  }
}

function isNeeded(marker: number, segment: Buffer): boolean {
  const begins = (name: string) => segment.toString('latin1', 4, 4 + name.length) === name
  if (marker === APP0) return begins('JFIF\0')
  if (marker === APP2) return begins('ICC_PROFILE\0')
  if (marker === APP14) return begins('Adobe')
  const isApplication = marker > APP0 && marker <= 0xef
  const isComment = marker === 0xfe
  return !isApplication && !isComment
}

/** Entropy-coded data end at a marker that is neither a stuffed 0xff nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  throw new Unexpected('no end')
}

function orientationOnly(orientation: number): Buffer {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
  const tiff = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0]
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), Buffer.from(tiff)])
  return Buffer.concat([Buffer.from([0xff, 0xe1, 0, content.length + 2]), content])
}
