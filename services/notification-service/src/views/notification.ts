import { isoTime } from '@bigtech/kernel'
import type { NotificationView } from '../contract/schemas.ts'
import type { KeptNote } from '../domain/note.ts'
import { noteLink, noteText, type Language } from '../domain/text.ts'
import type { PeopleStore, Person } from '../ports.ts'

export function viewNote(note: KeptNote, people: ReadonlyMap<number, Person>, language: Language): NotificationView {
  const { id, kind, actor_ids, actor_count, room_id, message_id, seq, created_at, updated_at, read_at } = note
  const actors = actor_ids.map((user_id) => {
    const { display_name = '', profile_image_url = null } = people.get(user_id) ?? {}
    return { user_id, display_name, profile_image_url }
  })
  return {
    id,
    kind,
    text: noteText(note, actors[0]?.display_name ?? '', language),
    actors,
    actor_count,
    room_id,
    message_id,
    seq,
    link: noteLink(note),
    created_at: isoTime(created_at),
    updated_at: isoTime(updated_at),
    read_at: read_at === null ? null : isoTime(read_at),
  }
}

export async function viewNotes(
  people: PeopleStore,
  notes: readonly KeptNote[],
  language: Language,
): Promise<NotificationView[]> {
  const known = await people.people(notes.flatMap(({ actor_ids }) => actor_ids))
  return notes.map((note) => viewNote(note, known, language))
}
