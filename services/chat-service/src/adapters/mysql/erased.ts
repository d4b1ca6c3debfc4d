import type { SystemEvent } from '../../domain/message.ts'

/** How somebody is called who is gone. */
export const ERASED_NAME = '탈퇴한 사용자'

/** Whom a message of the system tells of. */
export const peopleOf = (event: SystemEvent, actor: number): number[] => [
  actor,
  ...('user_ids' in event ? event.user_ids : []),
  ...('new_owner' in event && event.new_owner !== null ? [event.new_owner] : []),
]
