import { account } from './account.ts'
import { common } from './common.ts'
import { messages } from './messages.ts'
import { notices } from './notices.ts'
import { operations } from './operations.ts'
import { people } from './people.ts'
import { rooms } from './rooms.ts'
import { statistics } from './statistics.ts'

export { fillText } from './fill-text.ts'

/** Korean, English. */
export const texts = {
  ...common,
  ...account,
  ...people,
  ...rooms,
  ...messages,
  ...notices,
  ...operations,
  ...statistics,
}
export type TextKey = keyof typeof texts
