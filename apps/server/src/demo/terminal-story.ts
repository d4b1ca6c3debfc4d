import { setTimeout as pause } from 'node:timers/promises'
import { roomUnread, unreadOf, type Message, type RoomState } from '@bigtech/client'
import type { Network } from './terminal-network.ts'
import type { Person } from './terminal-person.ts'
import type { Screen } from './terminal-screen.ts'
import type { OwnServer } from './terminal-server.ts'

export type Stage = {
  screen: Screen
  minsu: Person
  jiwoo: Person
  /** jiwoo's way to the server */
  network: Network
  /** Undefined: somebody else's server, which is not ours to kill. */
  server: OwnServer | undefined
}

export type Check = { name: string; ok: boolean; detail: string }

const WITHIN = { timeoutMs: 20_000 }

/** Plays the story and says what was found true. */
export async function playStory(stage: Stage): Promise<Check[]> {
  const { screen, minsu, jiwoo, network, server } = stage
  const sent: string[] = []
  const { id: roomId } = await minsu.client.rooms.openDirect(jiwoo.id)
  const roomOf = ({ sync }: Person): RoomState => sync.state.rooms.get(roomId)!
  const say = (person: Person, content: string) => {
    sent.push(content)
    return person.sync.send(roomId, { content })
  }
  const arrived = (person: Person, content: string) =>
    person.sync.waitFor(() => roomOf(person).window!.messages.some((message) => message.content === content), WITHIN)
  const exchange = async (from: Person, to: Person, content: string) => {
    to.sync.typing(roomId, false)
    from.sync.typing(roomId)
    await pause(450)
    say(from, content)
    await arrived(to, content)
    await pause(350)
    to.sync.markRead(roomId)
    await from.sync.waitFor(() => roomOf(from).outgoing.length === 0 && lastUnread(roomOf(from)) === 0, WITHIN)
  }
  const settled = async () => {
    for (const person of [minsu, jiwoo]) {
      await person.sync.waitFor(({ rooms }) => rooms.get(roomId)!.outgoing.length === 0, WITHIN)
    }
    for (const person of [minsu, jiwoo]) for (const content of sent) await arrived(person, content)
  }

  screen.chapter('1. 대화: 옆의 숫자는 읽지 않은 사람 수 (talking; the number says who has not read)')
  for (const person of [minsu, jiwoo]) await person.sync.openRoom(roomId, WITHIN)
  await exchange(minsu, jiwoo, '지우야, 점심 먹었어?')
  await exchange(jiwoo, minsu, '아직! 김치찌개 어때? 🍲')
  await exchange(minsu, jiwoo, '좋아 👍 12시에 로비에서 봐')

  screen.chapter('2. 지우의 네트워크를 끊습니다 (cutting one connection)')
  network.cut()
  await pause(300)
  say(minsu, '비 오네, 우산 있어? ☔')
  say(jiwoo, '(지하철) 잘 안 터지네')
  say(minsu, '없으면 내가 두 개 가져갈게')
  say(jiwoo, '우산 없어 ㅠㅠ')
  await pause(1_400)
  screen.tell('… 네트워크가 돌아왔습니다 (the network is back)', 'green')
  network.mend()
  jiwoo.sync.connection.reconnectNow()
  await settled()
  for (const person of [minsu, jiwoo]) person.sync.markRead(roomId)

  if (server) {
    await pause(600)
    screen.chapter('3. 서버를 강제 종료합니다: kill -9 (killing the server)')
    say(jiwoo, '1층 도착!')
    await server.kill()
    say(minsu, '나도 내려가는 중')
    say(jiwoo, '천천히 와 😊')
    await pause(1_000)
    screen.tell('… 서버를 다시 시작합니다 (starting it again, same data)', 'green')
    await server.start()
    for (const person of [minsu, jiwoo]) person.sync.connection.reconnectNow()
    await settled()
    for (const person of [minsu, jiwoo]) person.sync.markRead(roomId)
  }
  for (const person of [minsu, jiwoo])
    await person.sync.waitFor(() => roomUnread(roomOf(person)) === 0 && lastUnread(roomOf(person)) === 0, WITHIN)

  const logs = [minsu, jiwoo].map((person) => roomOf(person).window!.messages)
  const fresh = (await minsu.client.messages.page(roomId, { limit: 200 })).items
  return verify(sent, logs as [readonly Message[], readonly Message[]], fresh, minsu.id)
}

const lastUnread = (room: RoomState): number => {
  const last = room.window?.messages.at(-1)
  return last ? unreadOf(room, last) : 0
}

function verify(
  sent: readonly string[],
  [left, right]: readonly [readonly Message[], readonly Message[]],
  fresh: readonly Message[],
  minsuId: number,
): Check[] {
  const ids = (messages: readonly Message[]) => messages.map(({ id }) => id).join()
  const count = (messages: readonly Message[]) =>
    sent.filter((text) => messages.some(({ content }) => content === text)).length
  const doubled = (messages: readonly Message[]) =>
    messages.length - new Set(messages.map(({ client_message_id }) => client_message_id)).size
  const seqs = left.every(({ seq }, index) => seq === left[0]!.seq + index)
  const own = (messages: readonly Message[]) =>
    messages.filter(({ user_id }) => user_id === minsuId).map(({ content }) => content)
  const inOrder = own(left).join() === sent.filter((text) => own(left).includes(text)).join()
  return [
    { name: '보낸 메시지 (sent)', ok: sent.length > 0, detail: String(sent.length) },
    { name: '민수가 본 메시지 (seen by 민수)', ok: count(left) === sent.length, detail: String(count(left)) },
    { name: '지우가 본 메시지 (seen by 지우)', ok: count(right) === sent.length, detail: String(count(right)) },
    {
      name: '중복 (doubles)',
      ok: doubled(left) + doubled(right) === 0,
      detail: String(doubled(left) + doubled(right)),
    },
    { name: '순서가 같음 (same order for both, and as sent)', ok: ids(left) === ids(right) && inOrder, detail: '' },
    { name: '번호에 빈틈 없음 (numbers without a gap)', ok: seqs, detail: `1–${left.at(-1)?.seq ?? 0}` },
    { name: '서버의 기록과 같음 (equal to the log of the server)', ok: ids(left) === ids(fresh), detail: '' },
  ]
}
