import { josa } from 'es-hangul'
import type { NoteKind } from '../contract/kinds.ts'

export type Language = 'ko' | 'en'

type Told = Readonly<{ kind: NoteKind; actor_count: number; detail: string }>

/** Somebody whose name is not known any more, or not yet. */
const NOBODY = { ko: '누군가', en: 'Somebody' }

/** "민수님", "민수님 외 2명". */
function people(name: string, count: number, language: Language): string {
  const first = name || NOBODY[language]
  if (language === 'ko') return count > 1 ? `${first}님 외 ${count - 1}명` : `${first}님`
  return count > 1 ? `${first} and ${count - 1} other${count > 2 ? 's' : ''}` : first
}

/** @param name of the latest of those whose doing it is */
export function noteText({ kind, actor_count, detail }: Told, name: string, language: Language): string {
  const who = people(name, actor_count, language)
  if (language === 'en')
    switch (kind) {
      case 'mention':
        return `${who} mentioned you`
      case 'reply':
        return `${who} replied to you`
      case 'reaction':
        return `${who} reacted ${detail} to your message`
      case 'friend_request':
        return `${who} wants to be friends`
      case 'friend_accepted':
        return `${who} accepted your friend request`
      case 'invited':
        return `${who} added you to a room`
      case 'care_asked':
        return `${who} asks for a care link with you`
      case 'care_granted':
        return `${who} agreed to a care link with you`
      case 'care_alert':
        return `There is a care notice about ${who}`
      case 'care_renewal':
        return 'The words of something that you agreed to for care have changed: read them again and decide'
      case 'new_device':
        return 'Your account was signed in to on a new device'
      case 'password_changed':
        return 'Your password was changed'
    }
  switch (kind) {
    case 'mention':
      return `${josa(who, '이/가')} 나를 언급했어요`
    case 'reply':
      return `${josa(who, '이/가')} 내 메시지에 답장했어요`
    case 'reaction':
      return `${josa(who, '이/가')} 내 메시지에 ${detail} 반응을 남겼어요`
    case 'friend_request':
      return `${josa(who, '이/가')} 친구 요청을 보냈어요`
    case 'friend_accepted':
      return `${josa(who, '이/가')} 친구 요청을 수락했어요`
    case 'invited':
      return `${josa(who, '이/가')} 대화방에 초대했어요`
    case 'care_asked':
      return `${josa(who, '이/가')} 돌봄을 함께하자고 했어요`
    case 'care_granted':
      return `${josa(who, '이/가')} 돌봄을 함께하기로 했어요`
    case 'care_alert':
      return `${who}의 돌봄 알림이 있어요`
    case 'care_renewal':
      return '돌봄에 동의하신 문구가 바뀌었어요. 다시 읽고 정해 주세요'
    case 'new_device':
      return '새 기기에서 로그인했어요'
    case 'password_changed':
      return '비밀번호가 변경됐어요'
  }
}

/** Where a note leads in the web client. */
export function noteLink({
  kind,
  room_id,
  seq,
}: Readonly<{ kind: NoteKind; room_id: number | null; seq: number | null }>) {
  if (room_id !== null) return seq === null ? `/rooms/${room_id}` : `/rooms/${room_id}?at=${seq}`
  if (kind === 'care_renewal') return '/settings/care'
  if (kind.startsWith('care_')) return '/care/family'
  return kind === 'friend_request' || kind === 'friend_accepted' ? '/friends' : '/settings/devices'
}
