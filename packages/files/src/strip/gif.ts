import { Unexpected } from './jpeg.ts'

const EXTENSION = 0x21
const IMAGE = 0x2c
const TRAILER = 0x3b
const COMMENT = 0xfe
const APPLICATION = 0xff
/** How often it repeats, and its colour profile. */
const NEEDED = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012'])

/** A GIF with all its frames, without comments and what programs add for themselves (XMP); nothing follows its end. */
export function stripGif(bytes: Buffer): Buffer {
  const tableOf = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
  const byte = (at: number): number => bytes[at] ?? lacking()
  /** Sub-blocks end with an empty one. */
  const skipBlocks = (from: number) => {
    let at = from
    while (byte(at) !== 0) at += 1 + byte(at)
    return at + 1
  }
  let at = 13 + tableOf(byte(10))
  const kept: Buffer[] = [bytes.subarray(0, at)]
  for (;;) {
    const kind = byte(at)
    if (kind === TRAILER) return Buffer.concat([...kept, bytes.subarray(at, at + 1)])
    const label = byte(at + 1)
    let end: number
    if (kind === IMAGE) end = skipBlocks(at + 10 + tableOf(byte(at + 9)) + 1)
    else if (kind === EXTENSION) end = skipBlocks(at + 2)
    else return lacking()
    const name = bytes.toString('latin1', at + 3, at + 14)
    const dropped = kind === EXTENSION && (label === COMMENT || (label === APPLICATION && !NEEDED.has(name)))
    if (!dropped) kept.push(bytes.subarray(at, end))
    at = end
  }
}

function lacking(): never {
  throw new Unexpected('not a GIF to its end')
}
