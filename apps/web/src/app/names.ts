import type { PersonState } from '@bigtech/client'

/** What the server calls whoever closed their account, in every language. */
const CLOSED = '탈퇴한 사용자'

/** Whether an account is closed. Anybody may call themselves so; only who is gone has no name to sign in with. */
export const isClosed = ({ user_id, username, display_name }: PersonState): boolean =>
  display_name === CLOSED && (username === '' || username === `closed-${user_id}`)
