import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@bigtech/kernel'
import { withKeptTrace, type Counter, type Logger, type Metrics } from '@bigtech/telemetry'
import { NOW, type Note } from '../../domain/note.ts'
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
import { createPushServices, pauseAfter, TAKEN_AT_ONCE } from './push-services.ts'

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
  /** Calls `run`, which nobody waits for. */
  wake(): void
}

/** Another process takes over what one that died had begun: longer than a push service may take. */
const CLAIM_MS = 30_000
/** For what is under way when the process stops. */
const END_MS = 1_500
/** Of these one wants to know at once; the others are in the list afterwards. */
const IN_QUIET_HOURS_TOO = new Set(['new_device', 'password_changed'])
const isUrgentNow = ({ kind, detail }: Note): boolean =>
  IN_QUIET_HOURS_TOO.has(kind) || (kind === 'care_alert' && detail === NOW)
const URGENT = new Set(['mention', 'reply', 'message', 'care_alert'])

/** Tells devices what is due, to many push services at once. */
export function createDelivery(ports: DeliverPorts) {
  const { pushes, clock, logger } = ports
  const outcomes = countOutcomes(ports.metrics)
  const services = createPushServices()
  const underWay = new Set<Promise<void>>()
  let running: Promise<void> | undefined
  let isDue = false
  let isClosed = false

  const mayBegin = () => !isClosed && !services.isFull()

  async function takeAll(): Promise<void> {
    while (isDue) {
      isDue = false
      while (mayBegin() && (await takeSome()) === TAKEN_AT_ONCE);
    }
  }

  /** @returns how many were due */
  async function takeSome(): Promise<number> {
    const now = clock.now()
    services.forgetOld(now)
    const except = services.closed(now)
    const due = await pushes.takeDeliveries({ now, until: now + CLAIM_MS, limit: TAKEN_AT_ONCE, except })
    const tooMany: Delivery[] = []
    for (const delivery of due) {
      if (!services.enter(delivery.host, clock.now())) {
        tooMany.push(delivery)
        continue
      }
      start(delivery)
      // To encrypt takes a while: one at a time, so that what else this thread does never waits for more.
      await immediate()
    }
    await pushes.putBack(tooMany)
    for (const host of new Set(tooMany.map((delivery) => delivery.host))) {
      const until = services.waitsUntil(host, now)
      if (until !== undefined) await pushes.putOff(host, until, now)
    }
    return due.length
  }

  function start(delivery: Delivery): void {
    const { trace, host } = delivery
    const work = withKeptTrace(trace, 'notification-service push', () => deliver(delivery), { 'server.address': host })
      .catch((error: unknown) => logger.error({ err: error }, 'what became of a push was not kept; it is tried again'))
      .then(() => {
        underWay.delete(work)
        if (services.leave(host)) ports.wake()
      })
    underWay.add(work)
  }

  async function deliver(delivery: Delivery): Promise<void> {
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
    await settle(delivery, answer)
  }

  async function settle(delivery: Delivery, answer: PushAnswer): Promise<void> {
    const { host } = delivery
    const now = clock.now()
    if (answer.outcome !== 'later') services.isWell(host)
    switch (answer.outcome) {
      case 'accepted':
        return pushes.delivered(delivery, now)
      case 'gone':
        return ports.subscriptions.remove({ id: delivery.subscription.id })
      case 'refused':
        logger.warn({ host, reason: answer.reason }, 'a push service refuses a message for good')
        return pushes.bury(delivery, answer.reason, now)
      case 'later': {
        const { until, isPausedNow, isFirst } = services.failed(host, now, answer.retryAfterMs)
        if (isFirst)
          logger.warn({ host, reason: answer.reason }, 'a push service fails; it is tried again from time to time')
        // All of a service that is left alone is due at once afterwards: the newest first.
        await pushes.again(
          delivery,
          Math.max(until ?? 0, now + (answer.retryAfterMs ?? (until === undefined ? jitter(delivery.attempts) : 0))),
        )
        if (isPausedNow) await pushes.putOff(host, until!, now)
      }
    }
  }

  return {
    /** Begins with all that is due, as far as there is room for it; the rest is taken as room comes. */
    run(): Promise<void> {
      isDue = true
      running ??= takeAll().finally(() => void (running = undefined))
      return running
    },
    /** After the clock was set back. */
    putRight: (): void => services.putRight(clock.now()),
    async expire(): Promise<void> {
      const now = clock.now()
      const expired = await pushes.expire(now)
      if (expired > 0) outcomes.inc({ outcome: 'expired' }, expired)
    },
    /** Nothing new is begun; resolves when what is under way has ended, or after `END_MS`. */
    async close(): Promise<void> {
      isClosed = true
      // A push service that says nothing does not hold up the others' end: what it was given is claimed, and tried again.
      const ended = (async () => {
        await running?.catch(() => {})
        await Promise.all(underWay)
      })()
      await Promise.race([ended, sleep(END_MS, undefined, { ref: false })])
    },
  }
}

const jitter = (attempts: number): number => Math.random() * pauseAfter(attempts)

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
  if (isQuietNow && !isUrgentNow(note)) return undefined
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
