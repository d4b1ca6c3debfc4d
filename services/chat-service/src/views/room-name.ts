import type { PeopleReadModel, Profile, Memberships } from '../ports.ts'

/** Names of others in the name of a group that has none of its own. */
const NAMED = 4
const ALONE = '대화 상대 없음'

/** `people`: those whom the name was made of; undefined for one who is not known (yet). */
export type ViewerName = Readonly<{ name: string; people: readonly (Profile | undefined)[] }>

/** A group without a name is called after its members, for each viewer without the viewer. */
export async function viewerNames(
  ports: { rooms: Pick<Memberships, 'others'>; people: PeopleReadModel },
  viewer: number,
  roomIds: readonly number[],
): Promise<ReadonlyMap<number, ViewerName>> {
  if (roomIds.length === 0) return new Map()
  const others = await Promise.all(roomIds.map((id) => ports.rooms.others(id, viewer, NAMED + 1)))
  const profiles = await ports.people.profiles([...new Set(others.flat())])
  return new Map(
    roomIds.map((id, i) => {
      const people = others[i]!.map((user) => profiles.get(user))
      return [id, { name: nameAfter(people.map((person) => person?.display_name)), people }]
    }),
  )
}

function nameAfter(names: readonly (string | undefined)[]): string {
  if (names.length === 0) return ALONE
  const shown = names.slice(0, NAMED).map((name) => name || '알 수 없음')
  return shown.join(', ') + (names.length > NAMED ? ' …' : '')
}
