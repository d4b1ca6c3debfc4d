import type { Clock } from '@bigtech/kernel'
import type { UserFrames } from '@bigtech/realtime'
import type { KeptNote } from '../domain/note.ts'
import type { NoteStore, PeopleStore } from '../ports.ts'
import { viewNotes } from '../views/notification.ts'

export type FramePorts = { notes: NoteStore; people: PeopleStore; frames: UserFrames; clock: Clock }

/** Whose list has something new: their open connections are told, in both languages, as no connection says which is spoken. */
export async function tellOfNotes(
  { notes, people, frames, clock }: FramePorts,
  kept: readonly KeptNote[],
): Promise<void> {
  const korean = await viewNotes(people, kept, 'ko')
  const english = await viewNotes(people, kept, 'en')
  for (const [i, { user_id }] of kept.entries()) {
    const { text: ko, ...notification } = korean[i]!
    const unread_count = await notes.unread(user_id, clock.now())
    frames.toUser(user_id, {
      type: 'notification',
      notification: { ...notification, text: ko, texts: { ko, en: english[i]!.text } },
      unread_count,
    })
  }
}

/** Something was read or taken back: a client that shows the list loads it anew. */
export async function tellOfChange({ notes, frames, clock }: FramePorts, userIds: Iterable<number>): Promise<void> {
  for (const id of userIds)
    frames.toUser(id, { type: 'notifications_changed', unread_count: await notes.unread(id, clock.now()) })
}
