/**
 * Who of `nodes` should have the partition: the one with the highest weight (rendezvous hashing: when one comes or goes, only partitions
 * of that one move). Undefined of nobody.
 */
export function rendezvous(p: number, nodes: Iterable<string>): string | undefined {
  let best: string | undefined
  let most = -1
  for (const node of nodes) {
    const weight = hash(`${p}/${node}`)
    if (weight > most || (weight === most && node < best!)) {
      best = node
      most = weight
    }
  }
  return best
}

/** FNV-1a, then the finaliser of MurmurHash3: names that differ in their last letter differ everywhere. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** A process is a node's name and a random part: the same name after a restart is another process. */
export const nameOf = (process: string): string => process.slice(0, process.lastIndexOf('#'))
