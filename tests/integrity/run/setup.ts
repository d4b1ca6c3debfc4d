import {
  behindGateway,
  openDirect,
  openGroup,
  register,
  signIn,
  type Person as Account,
  type Urls,
} from '../../support/index.ts'
import type { Person } from '../clients/client.ts'
import type { Device } from '../history/effects.ts'
import type { RoomSetup } from '../history/types.ts'
import type { PlannedRoom } from '../schedule/rooms.ts'
import type { Devices } from './devices.ts'

/** Who and what a round is played with. The accounts here call the server directly, not through a proxy. */
export type Stage = {
  urls: Urls
  people: (Person & { account: Account })[]
  /** Member of every group from the beginning, never acts: can read all of it. */
  auditor: Account
  /** Member of the first group, closes their account in the middle of the round. */
  guest: Account
  rooms: RoomSetup[]
  devices: Device[]
  /** Sign in anew: the clock may have made the tokens too old. */
  refresh(): Promise<void>
}

/** What some of the people want no device to be told of, by their place. */
const REFUSED: readonly (readonly string[] | undefined)[] = [undefined, ['message'], ['reaction', 'invited']]

/** What members want to be told of a group, in turn. */
const WISHES = ['all', 'none', 'all', 'mentions', 'all']

/** The addresses of a server of which only the gateway is known. */
export const urlsOf = (gateway: string): Urls => behindGateway({ gateway })

export async function setStage(
  urls: Urls,
  round: { number: number; users: number; rooms: readonly PlannedRoom[] },
  push: Devices,
): Promise<Stage> {
  const { number, users } = round
  const devices: Device[] = []
  /** Before anything happens that they could be told of. */
  const subscribe = async (account: Account, count: number, refused: readonly string[] = []) => {
    if (refused.length > 0)
      await account.put('/notifications/settings', {
        kinds: Object.fromEntries(refused.map((kind) => [kind, { push: false }])),
      })
    for (let i = 0; i < count; i++)
      devices.push(await push.add(account, { name: `r${number}-${account.id}-${i}`, refused }))
  }
  const auditor = await register(urls, `감사${number}`)
  const guest = await register(urls, `손님${number}`)
  await subscribe(auditor, 1)
  await subscribe(guest, 1)
  const people = await Promise.all(
    Array.from({ length: users }, async (_, index) => {
      const account = await register(urls, `u${number}_${index}`)
      const { id, name, email } = account
      await subscribe(account, 1 + (index % 2), REFUSED[index])
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
    for (const [i, { account }] of [first!, ...others].entries()) {
      const notify = WISHES[(i + index) % WISHES.length]!
      if (notify !== 'all') await account.put(`/chat-rooms/${id}/settings`, { notify, muted_until: null })
    }
  }
  await guest.say(rooms[0]!.id, '금방 나갈게요')
  return {
    urls,
    people,
    auditor,
    guest,
    rooms,
    devices,
    async refresh() {
      const accounts = [auditor, ...people.map(({ account }) => account)]
      await Promise.all(accounts.map(async (account) => Object.assign(account, await signIn(urls, account))))
    },
  }
}
