import type { MessageLog, RoomCommands, RoomLink } from '../../ports.ts'
import type { Occasion } from './entries.ts'

type Asked<T extends (argument: never) => Promise<unknown>> = Parameters<T>[0]
type Answered<T extends (argument: never) => Promise<unknown>> = Awaited<ReturnType<T>>
type Of<T extends (argument: never) => Promise<unknown>> = { asks: Asked<T>; answers: Answered<T> }

/** What can be asked of a partition, as the ports have it. Both sides are plain JSON: they go from process to process. */
type Commands = {
  /** Commands of an older process do not say whom it answers. */
  append: {
    asks: Omit<Asked<MessageLog['append']>, 'reply_to_user_id'> & { reply_to_user_id?: number | null }
    answers: Answered<MessageLog['append']>
  }
  change: Of<MessageLog['change']>
  markRead: Of<RoomCommands['markRead']>
  /** Whose id the directory gave to the pair. */
  openDirect: {
    asks: Asked<RoomCommands['openDirect']> & { room_id: number }
    answers: Answered<RoomCommands['openDirect']>
  }
  /** With an id of the directory that nobody else has; who may make one is decided before. */
  createGroup: {
    asks: Omit<Asked<RoomCommands['createGroup']>, 'limits'> & { room_id: number }
    answers: { room_id: number }
  }
  addMembers: Of<RoomCommands['addMembers']>
  acceptInvitation: Of<RoomCommands['acceptInvitation']>
  declineInvitation: Of<RoomCommands['declineInvitation']>
  /** Of an account that is erased. */
  withdrawInvitation: { asks: { room_id: number; user_id: number }; answers: null }
  removeMember: Of<RoomCommands['removeMember']>
  setRole: Of<RoomCommands['setRole']>
  rename: Of<RoomCommands['rename']>
  hideDirect: { asks: Asked<RoomCommands['hideDirect']>; answers: null }
  /** Commands of an older process have no time. */
  setMuted: {
    asks: Pick<Asked<RoomCommands['setMuted']>, 'room_id' | 'user_id' | 'muted'> & Partial<Occasion>
    answers: null
  }
  setSettings: { asks: Asked<RoomCommands['setSettings']>; answers: null }
  /** Whether it is too often is decided before. Commands of an older process have no actor. */
  setInvite: { asks: RoomLink & { room_id: number; actor?: number }; answers: RoomLink | 'refused' }
  /** Asked with the key of another. */
  wasDone: { asks: { room_id: number }; answers: boolean }
}

export type Kind = keyof Commands
export type Asks<K extends Kind> = Readonly<Commands[K]['asks']>
export type Answers<K extends Kind> = Commands[K]['answers']

export type ChatCommand = { [K in Kind]: Readonly<{ kind: K; asks: Asks<K> }> }[Kind]
export type Answer = Answers<Kind>

/** Named by who sends it: the same id in the same room is the same message for ever. All others have a random key. */
export const sendKey = (roomId: number, userId: number, clientMessageId: string): string =>
  `${roomId}/${userId}/${clientMessageId}`
