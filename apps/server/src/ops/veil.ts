import { createHmac, randomBytes } from 'node:crypto'

/** Texts of events that are no private text: names of kinds and states, times, and ids that mean nothing outside. */
const SHOWN = new Set([
  'event_id',
  'event_type',
  'timestamp',
  'message_id',
  'reply_to',
  'file_id',
  'saga_id',
  'service',
  'source',
  'message_type',
  'room_type',
  'role',
  'status',
  'via',
  'last_seen_at',
  'notify',
  'muted_until',
])

/**
 * Health: few words are possible in each field, so that whoever handed something in themselves would know their hashes; and that somebody is there at all tells of
 * them. Nothing but kind and time is shown.
 */
const OF_HEALTH = /(^|\.)care\.events(\.|$)/
const WITHHELD = '[withheld]'

/** Of this process: whoever guesses a text cannot look its hash up elsewhere. */
const KEY = randomBytes(32)

export const isOfHealth = (topic: string): boolean => OF_HEALTH.test(topic)

/** Of an event of a topic about health. */
export const withhold = (value: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      ['event_id', 'event_type', 'timestamp'].includes(name) ? one : WITHHELD,
    ]),
  )

/**
 * An event as operators see it: contents, names and addresses only as length and hash. Equal texts look equal while the process runs, so that one can
 * follow a value through topics; nobody can read it.
 */
export function veil(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, SHOWN.has(name) ? one : veiled(one)]))
}

function veiled(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? '' : `[${[...value].length} characters, #${hash(value)}]`
  if (Array.isArray(value)) return value.map(veiled)
  if (typeof value === 'object' && value !== null) return veil(value as Record<string, unknown>)
  return value
}

const hash = (text: string): string => createHmac('sha256', KEY).update(text).digest('hex').slice(0, 8)
