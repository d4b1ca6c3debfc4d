import type { Clock } from '@bigtech/kernel'
import type { Counter, Logger, Metrics } from '@bigtech/telemetry'
import { encode } from '../../domain/payload.ts'
import { isQuiet } from '../../domain/settings.ts'
import { noteLink, noteText } from '../../domain/text.ts'
import type {
  Delivery,
  NoteStore,
  PeopleStore,
  PushAnswer,
  PushSender,
  PushStore,
  SettingsStore,
  SubscriptionStore,
} from '../../ports.ts'

export type DeliverPorts = {
  pushes: PushStore
  notes: NoteStore
  people: PeopleStore
  settings: SettingsStore
  subscriptions: SubscriptionStore
  sender: PushSender
  clock: Clock
  logger: Logger
  metrics: Metrics
}

const AT_ONCE = 32
/** Another process takes over what one that died had begun: longer than a push service may take. */
const CLAIM_MS = 30_000
/** After so many failures one after the other a push service is left alone for a while, so that others do not wait for it. */
const FAILURES = 5
const FIRST_PAUSE_MS = 2_000
/** Also how long a service that is back waits for its backlog at most. */
const LONGEST_PAUSE_MS = 120_000
/** Of these one wants to know at once; the others are in the list afterwards. */
const IN_QUIET_HOURS_TOO = new Set(['new_device', 'password_changed'])
const URGENT = new Set(['mention', 'reply', 'message'])

/** Tells devices what is due, to many push services at once. */
export function createDelivery(ports: DeliverPorts) {
  const { pushes, clock } = ports
  const outcomes = countOutcomes(ports.metrics)
  const failing = new Map<string, { failures: number; until: number }>()

  /** @returns how many were tried */
  async function turn(): Promise<number> {
    const now = clock.now()
    const due = await pushes.takeDeliveries({ now, until: now + CLAIM_MS, limit: AT_ONCE })
    await Promise.all(due.map((delivery) => deliver(delivery)))
    return due.length
  }

  async function deliver(delivery: Delivery): Promise<void> {
    const host = new URL(delivery.subscription.endpoint).host
    const paused = failing.get(host)
    if (paused && paused.failures >= FAILURES && paused.until > clock.now())
      return pushes.again(delivery, paused.until + Math.random() * FIRST_PAUSE_MS)
    const payload = await payloadOf(ports, delivery)
    if (payload === undefined) {
      outcomes.inc({ outcome: 'withdrawn' })
      return pushes.delivered(delivery)
    }
    const { kind } = JSON.parse(payload) as { kind: string }
    const ttlS = Math.max(1, Math.floor((delivery.expires_at - clock.now()) / 1_000))
    const urgency = URGENT.has(kind) ? 'high' : kind === 'close' ? 'low' : 'normal'
    const answer = await ports.sender.send(delivery.subscription, payload, { ttlS, urgency, topic: delivery.tag })
    outcomes.inc({ outcome: answer.outcome })
    await settle(delivery, host, answer)
  }

  async function settle(delivery: Delivery, host: string, answer: PushAnswer): Promise<void> {
    const now = clock.now()
    if (answer.outcome !== 'later') failing.delete(host)
    switch (answer.outcome) {
      case 'accepted':
        return pushes.delivered(delivery)
      case 'gone':
        return ports.subscriptions.remove({ id: delivery.subscription.id })
      case 'refused':
        ports.logger.warn({ host, reason: answer.reason }, 'a push service refuses a message for good')
        return pushes.bury(delivery, answer.reason, now)
      case 'later': {
        const pause = answer.retryAfterMs ?? Math.random() * pauseAfter(delivery.attempts)
        const failures = (failing.get(host)?.failures ?? 0) + 1
        failing.set(host, { failures, until: now + (answer.retryAfterMs ?? pauseAfter(failures - FAILURES)) })
        if (failures === FAILURES)
          ports.logger.warn(
            { host, reason: answer.reason },
            'a push service fails; it is tried again from time to time',
          )
        return pushes.again(delivery, now + pause)
      }
    }
  }

  return {
    /** Until nothing more is due. */
    async run(): Promise<void> {
      while ((await turn()) === AT_ONCE);
    },
    async expire(): Promise<void> {
      const expired = await pushes.expire(clock.now())
      if (expired > 0) outcomes.inc({ outcome: 'expired' }, expired)
    },
  }
}

const pauseAfter = (failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, Math.min(failures, 10)))

const countOutcomes = (metrics: Metrics): Counter<'outcome'> =>
  metrics.counter({
    name: 'push_deliveries_total',
    help: 'What became of what devices were to be told',
    labelNames: ['outcome'],
  })

/** @returns undefined when it is not to be told any more: it was read, or taken back */
async function payloadOf(ports: DeliverPorts, { note_id, payload, tag, subscription }: Delivery) {
  if (note_id === null) return payload
  const note = await ports.notes.get(note_id)
  if (!note || note.read_at !== null) return undefined
  const { user_id, language } = subscription
  const [actor] = note.actor_ids
  const person = actor === undefined ? undefined : (await ports.people.people([actor])).get(actor)
  const settings = (await ports.settings.of([user_id])).get(user_id)!
  const isQuietNow = isQuiet(settings.quiet_hours, ports.clock.now())
  if (isQuietNow && !IN_QUIET_HOURS_TOO.has(note.kind)) return undefined
  return encode({
    tag,
    kind: note.kind,
    title: 'BigTech Chat',
    body: noteText(note, person?.display_name ?? '', language),
    link: noteLink(note),
    silent: !settings.sound,
    unread: await ports.notes.unread(user_id, ports.clock.now()),
    at: note.updated_at,
  })
}
