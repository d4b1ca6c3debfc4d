import type { Mailer } from './mail.ts'

/** For a connection, the server's greeting and the name's address; and for the next sign of life after that, ms. */
const CONNECT_MS = 5_000
const SILENCE_MS = 10_000
/** For a mail in all, whatever the server says meanwhile, ms. */
const SEND_MS = 60_000

export type MailTimeouts = Readonly<{ connectMs: number; silenceMs: number; sendMs: number }>

const IMPATIENT: MailTimeouts = { connectMs: CONNECT_MS, silenceMs: SILENCE_MS, sendMs: SEND_MS }

/**
 * Of mails that are tried again. RFC 5321 asks for ten minutes after the last dot: a server that looks for viruses has taken the mail by then, and
 * would get it twice.
 */
export const PATIENT: MailTimeouts = { connectMs: CONNECT_MS, silenceMs: 4 * 60_000, sendMs: 8 * 60_000 }

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** The mail server took no mail. The message names the server and what it said by number; never an address, which a server likes to repeat. */
export class MailNotSent extends Error {
  /** The server will never take this mail; others it may. */
  readonly isForGood: boolean
  /** It takes no mail at all now, this one or another. */
  readonly isOfServer: boolean

  constructor(server: string, reason: string, concerns: Pick<MailNotSent, 'isForGood' | 'isOfServer'>) {
    super(`the mail server ${server} did not take a mail (${reason}); SMTP_URL says where it is`)
    this.name = 'MailNotSent'
    this.isForGood = concerns.isForGood
    this.isOfServer = concerns.isOfServer
  }
}

/**
 * Hands mails to a mail server, a connection each: there are few. Whether one that it does not take is tried again is the caller's business.
 * @param options.url `smtp://user:password@host:587` (STARTTLS where it is offered; a password goes to another machine only behind it) or
 *   `smtps://host:465`
 * @param options.from e.g. `BigTech Chat <no-reply@example.com>`
 * @param options.timeouts default: those of mails that somebody waits for
 */
export function createSmtpMailer(options: { url: string; from: string; timeouts?: MailTimeouts }): Mailer {
  const { from, timeouts: { connectMs, silenceMs, sendMs } = IMPATIENT } = options
  const url = new URL(options.url)
  const defaults = {
    dnsTimeout: connectMs,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
    requireTLS: url.password !== '' && !LOOPBACK.includes(url.hostname),
    // Mails are texts of this service: nothing in them is to be read from a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  }
  return {
    async send(mail) {
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({ url: options.url, ...defaults })
      const { promise: tooLong, reject } = Promise.withResolvers<never>()
      const timer = setTimeout(() => reject(new Error(`no end after ${sendMs / 1_000} s`)), sendMs)
      try {
        await Promise.race([transport.sendMail({ from, ...mail }), tooLong])
      } catch (error) {
        throw new MailNotSent(url.host, reasonOf(error), whatItConcerns(error))
      } finally {
        clearTimeout(timer)
        transport.close()
      }
    },
  }
}

/**
 * What is refused of a recipient, or of the text, concerns that mail; a sender or a password that is not taken concerns the operator, and 421 and
 * 452 say that there is too much just now.
 */
function whatItConcerns(error: unknown): Pick<MailNotSent, 'isForGood' | 'isOfServer'> {
  const { code, command, responseCode = 0 } = error as { code?: string; command?: string; responseCode?: number }
  const isOfMail = code === 'EMESSAGE' || (code === 'EENVELOPE' && (command === 'RCPT TO' || command === 'API'))
  const isOfServer = !isOfMail || responseCode === 421 || responseCode === 452
  // What it does not even ask the server for, as of an address that is none, it will never do.
  const isForGood = !isOfServer && (responseCode >= 500 || command === 'API')
  return { isForGood, isOfServer }
}

/** `EENVELOPE, answer 550`: what nodemailer calls it, and the number of the server's answer. */
function reasonOf(error: unknown): string {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string }
  if (responseCode !== undefined) return `${code ?? 'refused'}, answer ${responseCode}`
  return [code, code === 'EENVELOPE' || code === 'EMESSAGE' ? undefined : message].filter(Boolean).join(': ')
}
