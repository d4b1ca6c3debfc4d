/**
 * The partition of a key, the same in every adapter and for ever (a change would break the order per key):
 * a decimal integer is taken modulo the number of partitions (the source documents: `room_id % 10`), anything else is
 * hashed with 32-bit FNV-1a over its UTF-8 bytes.
 */
export function partitionOf(key: string, partitions: number): number {
  if (/^\d{1,15}$/.test(key)) return Number(key) % partitions
  if (/^\d+$/.test(key)) return Number(BigInt(key) % BigInt(partitions))
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(key, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0) % partitions
}
