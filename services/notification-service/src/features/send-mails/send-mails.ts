import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@bigtech/kernel'
import { composeMail, MailNotSent, type Mail, type Mailer } from '@bigtech/mail'
import type { Counter, Logger, Metrics } from '@bigtech/telemetry'
import { letterOf } from '../../views/mail-letters.ts'
import type { Language } from '../../domain/text.ts'
import type { MailStore, SettingsStore, WaitingMail } from '../../ports.ts'
import { contentOf, type ContentPorts } from './mail-content.ts'

export type SendMailsPorts = ContentPorts & {
  mails: MailStore
  settings: SettingsStore
  mailer: Mailer
  clock: Clock
  logger: Logger
  metrics: Metrics
}

/** Connections to the mail server. */
const AT_ONCE = 4
/** Another process takes over what one that died had begun: longer than a mail server may take (PATIENT of packages/mail). */
const CLAIM_MS = 600_000
const FIRST_PAUSE_MS = 5_000
/** Mails one after the other that are refused for good, and none taken: then it is not the mails. */
const MOST_REFUSALS = 5
/** For what is under way when the process stops. */
const END_MS = 1_500
/** Also how long a mail server that is back waits for its backlog at most. */
const LONGEST_PAUSE_MS = 120_000

/** Sends what is due. A mail server that fails is left alone for a while, and what waits for it stays as it is. */
export function createMailing(ports: SendMailsPorts) {
  const { mails, clock, logger } = ports
  const outcomes = countOutcomes(ports.metrics)
  const server = { failures: 0, refusals: 0, pausedUntil: 0 }
  const underWay = new Set<Promise<void>>()
  let isClosed = false
  const closing = Promise.withResolvers<void>()

  /** @returns whether there may be more */
  async function turn(): Promise<boolean> {
    const now = clock.now()
    if (isClosed || server.pausedUntil > now) return false
    const due = await mails.take({ now, until: now + CLAIM_MS, limit: server.failures > 0 ? 1 : AT_ONCE })
    const work = Promise.all(due.map((mail) => deliver(mail)))
      .catch((error: unknown) => logger.error({ err: error }, 'what became of a mail was not kept; it is tried again'))
      .then(() => void underWay.delete(work))
    underWay.add(work)
    await Promise.race([work, closing.promise])
    return due.length > 0
  }

  async function deliver(mail: WaitingMail): Promise<void> {
    let written: Mail | undefined
    try {
      written = await write(ports, mail)
    } catch (error) {
      logger.warn({ err: error, kind: mail.kind }, 'a mail cannot be written now; it is tried again')
      outcomes.inc({ outcome: 'later' })
      return mails.again(mail, clock.now() + pauseAfter(mail.attempts))
    }
    if (!written) {
      outcomes.inc({ outcome: 'withdrawn' })
      return mails.done(mail)
    }
    try {
      await ports.mailer.send(written)
    } catch (error) {
      return settle(mail, error)
    }
    Object.assign(server, { failures: 0, refusals: 0 })
    outcomes.inc({ outcome: 'accepted' })
    await mails.done(mail)
  }

  async function settle(mail: WaitingMail, error: unknown): Promise<void> {
    const now = clock.now()
    const { isForGood, isOfServer } = error instanceof MailNotSent ? error : { isForGood: false, isOfServer: true }
    const reason = error instanceof Error ? error.message : String(error)
    // A server that takes nobody's mail means us.
    if (isForGood && ++server.refusals <= MOST_REFUSALS) {
      outcomes.inc({ outcome: 'refused' })
      logger.warn({ kind: mail.kind, user_id: mail.user_id, reason }, 'a mail is refused for good')
      return mails.bury(mail, reason, now)
    }
    outcomes.inc({ outcome: 'later' })
    if (!isOfServer && !isForGood) return mails.again(mail, now + pauseAfter(mail.attempts))
    if (server.failures++ === 0) logger.warn({ reason }, 'the mail server fails; it is tried again from time to time')
    server.pausedUntil = Math.max(server.pausedUntil, now + pauseAfter(server.failures - 1))
    return mails.again(mail, server.pausedUntil)
  }

  return {
    /** Until nothing more is due, or the mail server fails. */
    async run(): Promise<void> {
      while (await turn());
    },
    /** The clock was set back: what was put off, and taken, by times of before is so for no longer than it would be now. */
    async putRight(): Promise<void> {
      const now = clock.now()
      server.pausedUntil = Math.min(server.pausedUntil, now + LONGEST_PAUSE_MS)
      await mails.putRight({ dueUntil: now + LONGEST_PAUSE_MS, claimsUntil: now + CLAIM_MS })
    },
    async expire(): Promise<void> {
      const expired = await mails.expire(clock.now())
      if (expired > 0) outcomes.inc({ outcome: 'expired' }, expired)
    },
    /** Nothing new is begun; resolves when what is under way has ended, or after `END_MS`: it is claimed, and tried again later. */
    async close(): Promise<void> {
      isClosed = true
      await Promise.race([Promise.all(underWay), sleep(END_MS, undefined, { ref: false })])
      closing.resolve()
    },
  }
}

const pauseAfter = (failures: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)

const countOutcomes = (metrics: Metrics): Counter<'outcome'> =>
  metrics.counter({
    name: 'mail_deliveries_total',
    help: 'What became of mails that were to be sent',
    labelNames: ['outcome'],
  })

const LANGUAGES: readonly Language[] = ['ko', 'en']

/** @returns undefined when there is nothing to say any more, or nobody to say it to */
async function write(ports: SendMailsPorts, mail: WaitingMail): Promise<Mail | undefined> {
  const settings = (await ports.settings.of([mail.user_id])).get(mail.user_id)!
  const content = await contentOf(ports, mail, settings)
  if (!content) return undefined
  const { to, letter, headers = {} } = content
  const languages = settings.language === null ? LANGUAGES : [settings.language]
  const host = new URL(ports.publicUrl()).hostname
  return {
    to,
    ...composeMail(languages.map((language) => letterOf(letter(language), language))),
    messageId: `<${mail.event_id}.${mail.kind}@${host}>`,
    headers: { 'Auto-Submitted': 'auto-generated', ...headers },
  }
}
