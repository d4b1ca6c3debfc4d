import { isCalled, isMuted, type Message, type RoomState } from '@bigtech/client'
import { watch } from 'vue'
import { t } from '../i18n/index.ts'
import { previewOf } from '../screens/rooms/preview.ts'
import { chat } from './chat.ts'
import { toast } from './feedback.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'

/** Messages that come while nobody looks at the page, told by the browser. */
export const notificationsPossible: boolean = typeof Notification !== 'undefined' && isSecureContext

export async function askForNotifications(on: boolean): Promise<void> {
  if (!on) {
    settings.notifications = false
    return
  }
  const answer = await Notification.requestPermission()
  settings.notifications = answer === 'granted'
  if (answer !== 'granted') toast('error', t('look.notifications.denied'))
}

/** Tells of messages from now on. @param open shows the room whose notification was chosen */
export function startNotifications(open: (roomId: number) => void): void {
  chat.onFrame((frame) => {
    if (frame.type !== 'message' || !settings.notifications || !notificationsPossible) return
    if (Notification.permission !== 'granted' || document.hasFocus()) return
    const { message, room_id } = frame
    const room = chat.room(room_id)
    if (message.user_id === session.me?.id || message.message_type === 'system') return
    if (room && !isTold(room, message)) return
    const name = chat.personName(message.user_id) ?? ''
    const shown = new Notification(room?.type === 'group' ? `${room.name} · ${name}` : name || 'BigTech Chat', {
      body: previewOf(message),
      // A room has one notification: its newest message.
      tag: `room-${room_id}`,
      icon: '/icon.svg',
    })
    shown.addEventListener('click', () => {
      window.focus()
      open(room_id)
      shown.close()
    })
  })
}

/** By what one has set for the room. Answers to one's own messages are known as such where the room is opened. */
function isTold(room: RoomState, message: Message): boolean {
  if (isMuted(room, Date.now())) return false
  if (room.notify === 'all' || isCalled(message, session.me?.id ?? null)) return true
  const answered = room.window?.messages.find(({ id }) => id === message.reply_to)
  return answered !== undefined && answered.user_id === session.me?.id
}

watch(
  () => settings.notifications,
  (on) => {
    if (on && notificationsPossible && Notification.permission === 'denied') settings.notifications = false
  },
  { immediate: true },
)
