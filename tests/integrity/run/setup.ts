import { openDirect, openGroup, register, signIn, type Person as Account, type Urls } from '../../support/index.ts'
import type { Person } from '../clients/client.ts'
import type { RoomSetup } from '../history/types.ts'
import type { PlannedRoom } from '../schedule/rooms.ts'

/** Who and what a round is played with. The accounts here call the server directly, not through a proxy. */
export type Stage = {
  urls: Urls
  people: (Person & { account: Account })[]
  /** Member of every group from the beginning, never acts: can read all of it. */
  auditor: Account
  /** Member of the first group, closes their account in the middle of the round. */
  guest: Account
  rooms: RoomSetup[]
  /** Sign in anew: the clock may have made the tokens too old. */
  refresh(): Promise<void>
}

/** The addresses of a server of which only the gateway is known. */
export const urlsOf = (gateway: string): Urls => {
  const api = `${gateway}/api`
  return { gateway, user: api, friend: api, chat: api, analytics: api }
}

export async function setStage(
  urls: Urls,
  round: { number: number; users: number; rooms: readonly PlannedRoom[] },
): Promise<Stage> {
  const { number, users } = round
  const auditor = await register(urls, `감사${number}`)
  const guest = await register(urls, `손님${number}`)
  const people = await Promise.all(
    Array.from({ length: users }, async (_, index) => {
      const account = await register(urls, `u${number}_${index}`)
      const { id, name, email } = account
      return { index, id, name, email, username: email.split('@')[0]!, account }
    }),
  )
  // A request shows the name of the person asked, as friend-service knows it.
  for (const { id } of people) await auditor.post('/friends/request', { target_user_id: id })
  const rooms: RoomSetup[] = []
  for (const [index, { type, members }] of round.rooms.entries()) {
    const [first, ...others] = members.map((member) => people[member]!)
    if (type === 'direct') {
      const { id } = await openDirect(first!.account, others[0]!.account)
      // Only the first one ever clears the room.
      rooms.push({ id, type, members: [first!.id, others[0]!.id], reader: others[0]!.id, code: null })
      continue
    }
    const invited = [...others.map(({ account }) => account), auditor, ...(index === 0 ? [guest] : [])]
    const { id } = await openGroup(first!.account, `방 ${number}.${index}`, ...invited)
    const { code } = await first!.account.post<{ code: string }>(`/chat-rooms/${id}/invite`, { expires_in: null })
    rooms.push({ id, type, members: [first!.id, ...invited.map((one) => one.id)], reader: auditor.id, code })
  }
  await guest.say(rooms[0]!.id, '금방 나갈게요')
  return {
    urls,
    people,
    auditor,
    guest,
    rooms,
    async refresh() {
      const accounts = [auditor, ...people.map(({ account }) => account)]
      await Promise.all(accounts.map(async (account) => Object.assign(account, await signIn(urls, account))))
    },
  }
}
