/**
 * An event's id as a number of 53 bits, which a column keeps in a quarter of the room of 36 characters. Two events are taken for one only if
 * their times (ms) and kinds are equal as well: at 1,000 events in each millisecond, ten years long, that is expected once in 10⁶ such systems … not for
 * ids that somebody chooses; these are made by the services. The function is cyrb53 (bryc, public domain): two multiplicative hashes of 32 bits.
 */
export function fingerprint(id: string): number {
  let h1 = 0xdeadbeef
  let h2 = 0x41c6ce57
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i)
    h1 = Math.imul(h1 ^ code, 2_654_435_761)
    h2 = Math.imul(h2 ^ code, 1_597_334_677)
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909)
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & h2) + (h1 >>> 0)
}
