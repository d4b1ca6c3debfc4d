import type { PushKind } from '../contract/kinds.ts'
import type { ToldOf } from './decide-push.ts'
import type { Language } from './text.ts'

/** What a device shows. JSON in the encrypted body of a push. */
export type Payload = Readonly<{
  /** A device shows one notification a tag: the latest. */
  tag: string
  kind: PushKind | 'close' | 'test'
  title: string
  body: string
  /** In the web client. */
  link: string
  /** Without a sound. */
  silent: boolean
  /** Notifications in the list that were not read; for the badge. */
  unread: number
  /** ms since the epoch */
  at: number
}>

/** RFC 8291 leaves 3,993 bytes; some services take less. */
const MAX_BYTES = 3_000
const MAX_LETTERS = 200
const segmenter = new Intl.Segmenter()

/** @returns JSON of 3,000 bytes at most: the body gives way */
export function encode(payload: Payload): string {
  // Nearly always it is short, and to find its letters costs ten times the rest.
  if (payload.body.length <= MAX_LETTERS) {
    const text = JSON.stringify(payload)
    if (Buffer.byteLength(text) <= MAX_BYTES) return text
  }
  const letters = [...segmenter.segment(payload.body)].map(({ segment }) => segment)
  for (let most = MAX_LETTERS; ; most = Math.floor(most / 2)) {
    const body = letters.length > most ? `${letters.slice(0, most).join('')}…` : payload.body
    const text = JSON.stringify({ ...payload, body })
    if (Buffer.byteLength(text) <= MAX_BYTES || most === 0) return text
  }
}

/** Takes off what has its tag. @param at.unread notifications in the list that are unread now */
export const closeOf = (at: Pick<Payload, 'tag' | 'link' | 'unread' | 'at'>): string =>
  encode({ ...at, kind: 'close', title: '', body: '', silent: true })

export const noteTag = (noteId: number): string => `note:${noteId}`
export const roomTag = (roomId: number): string => `room:${roomId}`

const FILES: Record<string, Record<Language, string>> = {
  image: { ko: '사진', en: 'Photo' },
  file: { ko: '파일', en: 'File' },
  voice: { ko: '음성 메시지', en: 'Voice message' },
}

const TEXTS = {
  ko: {
    group: '그룹 채팅',
    some: (count: number) => (count > 1 ? `새 메시지 ${count}개` : '새 메시지'),
    mention: (name: string) => `${name}님이 나를 언급했어요`,
    reply: (name: string) => `${name}님이 내 메시지에 답장했어요`,
  },
  en: {
    group: 'Group chat',
    some: (count: number) => (count > 1 ? `${count} new messages` : 'New message'),
    mention: (name: string) => `${name} mentioned you`,
    reply: (name: string) => `${name} replied to you`,
  },
}

/** @param options.name of who wrote it */
export function messageWords(
  { message, kind, count }: ToldOf,
  room: Readonly<{ type: 'direct' | 'group'; name: string | null }>,
  options: { name: string; language: Language; showText: boolean },
): Pick<Payload, 'title' | 'body'> {
  const { name, language, showText } = options
  const texts = TEXTS[language]
  const called = kind === 'message' ? undefined : texts[kind](name)
  const title = room.type === 'direct' ? name : (room.name ?? texts.group)
  if (!showText) return { title: called ?? title, body: texts.some(count) }
  const words = FILES[message.message_type]?.[language] ?? message.content
  if (called) return { title: called, body: room.type === 'direct' ? words : `${title} · ${words}` }
  return { title, body: room.type === 'direct' ? words : `${name}: ${words}` }
}
