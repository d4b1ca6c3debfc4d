import { DIGEST_OF_MS } from '../../domain/mail.ts'
import type { MailContent } from '../../views/mail-letters.ts'
import { zoneOf, type Settings } from '../../domain/settings.ts'
import type { Language } from '../../domain/text.ts'
import type { Mailbox, Mailboxes, MailStore, NoteStore, PeopleStore, Rooms, WaitingMail } from '../../ports.ts'
import { viewNotes } from '../../views/notification.ts'

export type ContentPorts = {
  mailboxes: Mailboxes
  mails: Pick<MailStore, 'unsubscribeToken'>
  notes: NoteStore
  people: PeopleStore
  rooms: Pick<Rooms, 'unread'>
  /** Where people reach the web client. */
  publicUrl(): string
}

export type Content = Readonly<{
  to: string
  letter(language: Language): MailContent
  headers?: Readonly<Record<string, string>>
}>

const ROOMS_IN_DIGEST = 10
const NOTES_IN_DIGEST = 10

/** What a mail says now; undefined when there is nothing to say any more, or nobody to say it to. */
export async function contentOf(
  ports: ContentPorts,
  mail: WaitingMail,
  settings: Settings,
): Promise<Content | undefined> {
  const { kind, recipient } = mail
  if (kind === 'account_closed')
    return recipient === null
      ? undefined
      : { to: recipient.email, letter: () => ({ kind, name: recipient.display_name }) }
  const mayConfirm = kind === 'welcome' || kind === 'confirmation'
  const box = await ports.mailboxes.of(mail.user_id, mayConfirm)
  if (!box) return undefined
  const home = ports.publicUrl()
  const name = box.display_name
  const token = box.confirmation_token
  const confirm = token === null ? null : `${home}/confirm-email?token=${token}`
  switch (kind) {
    case 'welcome':
      return { to: box.email, letter: () => ({ kind, name, confirm, home }) }
    case 'confirmation':
      return confirm === null ? undefined : { to: box.email, letter: () => ({ kind, name, confirm }) }
    case 'new_device':
    case 'password_changed': {
      const devices = `${home}/settings/devices`
      const at = (language: Language) => timeText(mail.at, zoneOf(settings), language)
      return { to: box.email, letter: (language) => ({ kind, name, at: at(language), devices }) }
    }
    case 'digest':
      return digest(ports, mail, box, home)
  }
}

async function digest(
  ports: ContentPorts,
  mail: WaitingMail,
  box: Mailbox,
  home: string,
): Promise<Content | undefined> {
  const { user_id, at } = mail
  // What is said in rooms is for nobody whose address it may not be.
  if (!box.email_verified) return undefined
  const token = await ports.mails.unsubscribeToken(user_id)
  if (token === undefined) return undefined
  const listed = await ports.notes.list({ user_id, before: undefined, limit: NOTES_IN_DIGEST, now: at })
  const missed = listed.filter(({ read_at, updated_at }) => read_at === null && updated_at > at - DIGEST_OF_MS)
  const rooms = (await ports.rooms.unread(user_id, at - DIGEST_OF_MS)).slice(0, ROOMS_IN_DIGEST)
  if (missed.length === 0 && rooms.length === 0) return undefined
  const texts = {
    ko: (await viewNotes(ports.people, missed, 'ko')).map(({ text }) => text),
    en: (await viewNotes(ports.people, missed, 'en')).map(({ text }) => text),
  }
  return {
    to: box.email,
    letter: (language) => ({
      kind: 'digest',
      name: box.display_name,
      rooms,
      notes: texts[language],
      home,
      settings: `${home}/settings/notifications`,
      unsubscribe: `${home}/unsubscribe?token=${token}`,
    }),
    // RFC 8058: a mail program unsubscribes with one POST, without signing in.
    headers: {
      'List-Unsubscribe': `<${home}/api/notifications/unsubscribe?token=${token}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}

const timeText = (at: number, timeZone: string, language: Language): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(at)
