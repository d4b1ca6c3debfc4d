import { toHalf } from './halves.ts'

/** Numbers of a block. */
const BLOCK = 32
/** Scale and least value as halves, 32 fifth bits, 32 times four bits. */
const BLOCK_BYTES = 2 + 2 + 4 + 16

/** ggml's Q5_1: each block of 32 numbers as 5 bits of its range. */
export function quantise(numbers: Float32Array): Buffer {
  const out = Buffer.alloc((numbers.length / BLOCK) * BLOCK_BYTES)
  for (let i = 0, at = 0; i < numbers.length; i += BLOCK, at += BLOCK_BYTES) {
    let [least, most] = [Infinity, -Infinity]
    for (let j = 0; j < BLOCK; j++) {
      least = Math.min(least, numbers[i + j]!)
      most = Math.max(most, numbers[i + j]!)
    }
    const scale = (most - least) / 31
    const inverse = scale ? 1 / scale : 0
    const level = (j: number) => Math.min(31, Math.floor((numbers[i + j]! - least) * inverse + 0.5))
    out.writeUInt16LE(toHalf(scale), at)
    out.writeUInt16LE(toHalf(least), at + 2)
    let fifths = 0
    for (let j = 0; j < BLOCK / 2; j++) {
      const [a, b] = [level(j), level(j + BLOCK / 2)]
      out[at + 8 + j] = (a & 15) | ((b & 15) << 4)
      fifths |= ((a >> 4) << j) | ((b >> 4) << (j + 16))
    }
    out.writeUInt32LE(fifths >>> 0, at + 4)
  }
  return out
}
