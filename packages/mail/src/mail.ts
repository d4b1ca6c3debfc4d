export type Mail = Readonly<{
  to: string
  subject: string
  text: string
  html?: string
  /** Of a mail that may be sent again because nobody knows whether it was taken: mail programs show one of an id. Default: a new one. */
  messageId?: string
  headers?: Readonly<Record<string, string>>
}>

export interface Mailer {
  /** Rejects when nobody took the mail. It can take seconds: no request waits for it. */
  send(mail: Mail): Promise<void>
}
