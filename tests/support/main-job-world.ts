import { after } from 'node:test'
import { startTestServer, type Frame, type Page, type Person, type Room } from './index.ts'

/** What the system is for: people register, become friends, open a room and talk. */
export const { urls } = await startTestServer({ after })

export type Friend = { user_id: number; display_name: string; online: boolean | null }
export type Request = { id: number; status: string; from_user_id: number; to_user_id: number }

export const friendIds = async (who: Person) =>
  (await who.get<Page<Friend>>('/friends')).items.map(({ user_id }) => user_id)
export const roomIds = async (who: Person) => (await who.get<Page<Room>>('/chat-rooms')).items.map(({ id }) => id)
export const isMessage = (text: string) => (frame: Frame) => frame.message?.content === text
