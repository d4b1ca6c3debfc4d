import { isCalled, isMuted, type Frame, type Message, type PushPayload, type RoomState } from '@bigtech/client'
import { t } from '../i18n/index.ts'
import { closeOf } from '../lib/notices.ts'
import { previewOf } from '../screens/rooms/preview.ts'
import { chat } from './chat.ts'
import { device } from './device.ts'
import { inbox } from './inbox.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'
import { tellByWorker } from './worker.ts'

/** Messages that came while nobody saw the page, and that would be told of. */
const missedListeners = new Set<() => void>()
export const onMissed = (listener: () => void): void => void missedListeners.add(listener)

/** Of the open pages of this browser one tells. Pages without TLS have no Web Locks, and no notifications either. */
let isTeller = false

/** In browsers without a push service the page tells, as the server would. */
export function startNotifications(): void {
  void navigator.locks?.request('bigtech-chat:teller', () => {
    isTeller = true
    return new Promise<never>(() => {})
  })
  chat.onFrame((frame) => {
    const payload = payloadOf(frame)
    if (!payload) return
    if (frame.type === 'message' && document.visibilityState === 'hidden') missedListeners.forEach((tell) => tell())
    if (device.state === 'page' && isTeller) void tellByWorker(payload)
  })
}

function payloadOf(frame: Frame): PushPayload | undefined {
  const common = { silent: false, unread: inbox.unread, at: Date.now() }
  switch (frame.type) {
    case 'message': {
      const { message, room_id } = frame
      const room = chat.room(room_id)
      if (message.user_id === session.me?.id || message.message_type === 'system') return undefined
      if (room && !isTold(room, message)) return undefined
      const name = chat.personName(message.user_id) ?? ''
      const words = previewOf(message)
      const isGroup = room?.type === 'group'
      return {
        ...common,
        tag: `room:${room_id}`,
        kind: isCalled(message, session.me?.id ?? null) ? 'mention' : 'message',
        title: (isGroup ? room.name : name) || t('app.name'),
        body: isGroup ? `${name}: ${words}` : words,
        link: `/rooms/${room_id}?at=${message.seq}`,
      }
    }
    case 'read':
      if (frame.user_id !== session.me?.id) return undefined
      return closeOf(`room:${frame.room_id}`, inbox.unread)
    case 'notification': {
      const { id, kind, texts, link } = frame.notification
      // These are told of as messages.
      if (kind === 'mention' || kind === 'reply') return undefined
      const unread = frame.unread_count
      return { ...common, unread, tag: `note:${id}`, kind, title: t('app.name'), body: texts[settings.language], link }
    }
    default:
      return undefined
  }
}

/** By what one has set for the room. Answers to one's own messages are known as such where the room is opened. */
function isTold(room: RoomState, message: Message): boolean {
  if (isMuted(room, Date.now())) return false
  if (room.notify === 'all' || isCalled(message, session.me?.id ?? null)) return true
  const answered = room.window?.messages.find(({ id }) => id === message.reply_to)
  return answered !== undefined && answered.user_id === session.me?.id
}
