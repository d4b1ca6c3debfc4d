import type { TestContext } from 'node:test'
import type { Note } from '../domain/note.ts'
import type { Subscription } from '../ports.ts'
import type { NotificationDatabase } from './sql/stores.ts'

export type Store = Pick<NotificationDatabase, 'notes' | 'settings' | 'subscriptions' | 'pushes' | 'people' | 'mails'>

export type OpenOne = (t: TestContext) => Promise<Store>

export const place = (seq: number, actor_id: number) => ({ room_id: 1, message_id: `msg_1_${seq}`, seq, actor_id })
export const wanted = (...notes: Note[]) => notes.map((note) => ({ note, isListed: true, isPushed: true }))
export const FAR = Number.MAX_SAFE_INTEGER

let events = 0
export const event = (now = 1) => ({ event_id: `e${++events}`, now })

export const device = (user_id: number, name: string): Omit<Subscription, 'id'> => ({
  user_id,
  endpoint: `https://push.example.com/${name}`,
  p256dh: 'p',
  auth: 'a',
  language: 'ko',
  device: name,
  session_id: `s-${name}`,
  created_at: 1,
})
