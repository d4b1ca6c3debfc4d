/**
 * What a process pays for a message that has nothing to do with it: each hears the place of every message's room (docs/partition-log.md), to know
 * that it has missed nothing. Announcements of documents of so many rooms are decoded and looked up as `PartitionFeed` does, without the way
 * from Redis.
 *
 *     node bench/raw/announcements.ts [heads of each announcement]
 */
const heads = Number(process.argv[2] ?? 50)
const LISTENED_ROOMS = 20_000
const ANNOUNCEMENTS = 20_000

const streams = new Map(Array.from({ length: LISTENED_ROOMS }, (_, room) => [1_000_000_000 + room * 7, room]))
const texts = Array.from({ length: 1_000 }, (_, n) =>
  JSON.stringify({
    p: n % 10,
    n,
    at: 1_700_000_000_000_000 + n,
    heads: Array.from({ length: heads }, (_head, i) => [1_000_000_000 + n * 1_000 + i, 4_711 + i]),
    control: [],
  }),
)

type Announcement = { n: number; heads: [room: number, f: number][] }
const recent = new Map<number, number[]>()
let missed = 0
const take = (text: string, n: number) => {
  const announcement = JSON.parse(text) as Announcement
  if (!announcement.heads.every(([room, f]) => (streams.get(room) ?? f) <= f)) missed++
  recent.set(
    n,
    announcement.heads.map(([room]) => room),
  )
  recent.delete(n - 256)
}
for (let n = 0; n < ANNOUNCEMENTS; n++) take(texts[n % texts.length]!, n)
const before = process.cpuUsage()
for (let n = 0; n < ANNOUNCEMENTS; n++) take(texts[n % texts.length]!, n)
const { user, system } = process.cpuUsage(before)
const us = (user + system) / ANNOUNCEMENTS
console.log(`${heads} heads: ${us.toFixed(1)} µs an announcement, ${(us / heads).toFixed(3)} µs a message (${missed})`)
