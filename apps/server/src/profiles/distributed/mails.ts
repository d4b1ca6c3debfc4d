import type { createMailer } from '@bigtech/mail'
import type { Surroundings } from './surroundings.ts'

const EVERY_MS = 3_600_000

/** Without a mail server mails are files, which are kept for a time (MAIL_RETENTION). */
export function keptTidy<M extends ReturnType<typeof createMailer>>(
  mailer: M,
  { settings, closers, logger }: Pick<Surroundings, 'settings' | 'closers' | 'logger'>,
): M {
  const prune = () => {
    mailer
      .prune(Date.now() - settings.MAIL_RETENTION)
      .catch((error: unknown) => logger.warn({ err: error }, 'old mails were not removed; it is tried again'))
  }
  prune()
  const timer = setInterval(prune, EVERY_MS)
  timer.unref()
  closers.push(() => clearInterval(timer))
  return mailer
}
