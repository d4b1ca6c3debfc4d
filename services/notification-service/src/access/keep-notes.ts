import { CHANNELS } from '../contract/kinds.ts'
import type { Note } from '../domain/note.ts'
import { mayList, mayPush } from '../domain/settings.ts'
import type { Once, PeopleStore, SettingsStore } from '../ports.ts'
import { tellOfNotes, type FramePorts } from './inbox-frames.ts'

export type NotePorts = FramePorts & { people: PeopleStore; settings: SettingsStore; wake(): void }

/** Devices are told so much later: who is looking has read it by then. ms */
export const PATIENCE_MS = 2_000

/** Of what is in a room its devices are told with the room's messages. */
const TOLD_WITH_THEIR_ROOM = new Set<Note['kind']>(['mention', 'reply'])

/** Each as its person wants to be told; not of their own doing, nor of what somebody does whom they have blocked. */
export async function keepNotes(ports: NotePorts, event: Once, notes: readonly Note[]): Promise<void> {
  const users = [...new Set(notes.map(({ user_id }) => user_id))]
  if (users.length === 0) return
  const settings = await ports.settings.of(users)
  const blocks = await ports.people.blocks(users)
  const wanted = notes.flatMap((note) => {
    const { user_id, actor_id, kind } = note
    if (actor_id !== null && (actor_id === user_id || blocks.get(user_id)?.has(actor_id))) return []
    const of = settings.get(user_id)!
    const channels: readonly string[] = CHANNELS[kind]
    const isListed = !channels.includes('in_app') || mayList(of, kind)
    const isPushed = !TOLD_WITH_THEIR_ROOM.has(kind) && mayPush(of, kind)
    return isListed || isPushed ? [{ note, isListed, isPushed }] : []
  })
  await tellOfNotes(ports, await ports.notes.add(event, wanted, event.now + PATIENCE_MS))
}
