import type { PersonState, RoomState } from '@bigtech/client'
import { settings } from './settings.ts'
import { t } from '../i18n/index.ts'

/** What the server calls whoever closed their account, in every language. */
const CLOSED = '탈퇴한 사용자'

/** Whether an account is closed. Anybody may call themselves so; only who is gone has no name to sign in with. */
export const isClosed = ({ user_id, username, display_name }: PersonState): boolean =>
  display_name === CLOSED && (username === '' || username === `closed-${user_id}`)

/** A name, or a sentence of the server with names, in the language of the page. */
export const shownName = (name: string): string =>
  settings.language === 'ko' || !name.includes(CLOSED) ? name : name.replaceAll(CLOSED, t('person.closed'))

const renamed = new WeakMap<RoomState, RoomState>()

/** A room that is called after its people, as they are called in the language of the page; always the same one of the same room. */
export function shownRoom(room: RoomState): RoomState {
  if ((room.type === 'group' && room.named !== false) || shownName(room.name) === room.name) return room
  let shown = renamed.get(room)
  if (!shown) renamed.set(room, (shown = { ...room, name: shownName(room.name) }))
  return shown
}
