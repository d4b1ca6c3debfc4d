import { defineErrors } from '@bigtech/kernel'

export const friendErrors = defineErrors({
  SELF_REQUEST: {
    kind: 'invalid',
    ko: '자신에게 친구 요청할 수 없습니다',
    en: 'You cannot send a friend request to yourself',
  },
  ALREADY_REQUESTED: {
    kind: 'invalid',
    ko: '이미 친구 요청을 보냈습니다',
    en: 'You have already sent a friend request',
  },
  REJECTED_LATELY: {
    kind: 'conflict',
    ko: '거절된 친구 요청은 {days}일이 지난 뒤에 다시 보낼 수 있습니다',
    en: 'A rejected friend request can be sent again after {days} days',
  },
  TOO_MANY_REQUESTS_TODAY: {
    kind: 'conflict',
    ko: '하루에 보낼 수 있는 친구 요청은 {limit}개까지입니다. 내일 다시 시도해 주세요',
    en: 'You can send at most {limit} friend requests a day; try again tomorrow',
  },
  ALREADY_FRIENDS: { kind: 'invalid', ko: '이미 친구입니다', en: 'You are friends already' },
  YOU_BLOCKED: {
    kind: 'invalid',
    ko: '차단한 사용자입니다. 먼저 차단을 해제해 주세요',
    en: 'You have blocked this person; unblock them first',
  },
  SELF_BLOCK: { kind: 'invalid', ko: '자신을 차단할 수 없습니다', en: 'You cannot block yourself' },
  SELF_REPORT: { kind: 'invalid', ko: '자신을 신고할 수 없습니다', en: 'You cannot report yourself' },
  TOO_MANY_REPORTS: {
    kind: 'conflict',
    ko: '오늘은 더 신고할 수 없습니다 (하루 {limit}건)',
    en: 'You have reported as much as one can in a day ({limit})',
  },
  REPORTED_MESSAGE_NOT_FOUND: {
    kind: 'not_found',
    ko: '신고할 메시지를 찾을 수 없습니다. 내가 볼 수 있는 메시지만 신고할 수 있습니다',
    en: 'There is no such message; you can report those that you can read',
  },
  NOT_FRIENDS: { kind: 'not_found', ko: '친구가 아닙니다', en: 'You are not friends' },
  USER_NOT_FOUND: { kind: 'not_found', ko: '사용자를 찾을 수 없습니다', en: 'There is no such user' },
  REQUEST_NOT_FOUND: {
    kind: 'not_found',
    ko: '친구 요청을 찾을 수 없습니다',
    en: 'There is no such friend request',
  },
  REQUEST_CLOSED: {
    kind: 'conflict',
    ko: '이미 처리된 친구 요청입니다',
    en: 'This friend request was already answered or withdrawn',
  },
})
