import { createFileMailer } from './file-mailer.ts'
import type { Mailer } from './mail.ts'
import { createSmtpMailer, type MailTimeouts } from './smtp-mailer.ts'

/**
 * Mails go to the mail server of `smtpUrl`, or without one as files into `folder`.
 * `prune` deletes files of either time.
 */
export function createMailer(options: {
  smtpUrl?: string | undefined
  from: string
  folder: string
  timeouts?: MailTimeouts
}): Mailer & { prune(time: number): Promise<number> } {
  const { smtpUrl, from, folder, timeouts } = options
  const files = createFileMailer({ folder, from })
  return smtpUrl === undefined
    ? files
    : {
        ...createSmtpMailer({ url: smtpUrl, from, ...(timeouts ? { timeouts } : {}) }),
        prune: (time) => files.prune(time),
      }
}
