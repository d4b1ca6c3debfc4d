const view = new DataView(new ArrayBuffer(4))

/** A number as the bits of IEEE 754 binary16, rounded to the nearest, ties to even. */
export function toHalf(value: number): number {
  view.setFloat32(0, value)
  const x = view.getUint32(0)
  const sign = (x >>> 16) & 0x8000
  const exponent = ((x >>> 23) & 255) - 112
  const mantissa = x & 0x7fffff
  if (exponent >= 31) return sign | 0x7c00
  if (exponent > 0) return sign | rounded((exponent << 23) | mantissa, 13)
  // Subnormal, or nothing.
  return exponent < -10 ? sign : sign | rounded(mantissa | 0x800000, 14 - exponent)
}

/** Shifted to the right; a half goes to the even neighbour. */
function rounded(value: number, shift: number): number {
  const kept = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept
}

/** All 65,536 of them, by their bits. */
export const HALVES: Float32Array = Float32Array.from({ length: 65_536 }, (_, h) => {
  const sign = h & 0x8000 ? -1 : 1
  const exponent = (h >> 10) & 31
  const mantissa = h & 1_023
  if (exponent === 0) return sign * mantissa * 2 ** -24
  if (exponent === 31) return mantissa ? NaN : sign * Infinity
  return sign * (1 + mantissa / 1_024) * 2 ** (exponent - 15)
})
