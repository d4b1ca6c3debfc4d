import { defineErrors } from '@bigtech/kernel'

export const chatErrors = defineErrors({
  ROOM_NOT_FOUND: { kind: 'not_found', ko: '채팅방을 찾을 수 없습니다', en: 'There is no such chat room' },
  NOT_A_MEMBER: { kind: 'forbidden', ko: '채팅방에 참여하지 않았습니다', en: 'You are not a member of this chat room' },
  NAME_NOT_PLAIN: {
    kind: 'unprocessable',
    ko: '채팅방 이름에 보이지 않는 문자, 글자 방향을 바꾸는 문자, 겹겹이 쌓은 기호는 쓸 수 없습니다',
    en: 'The name must not contain invisible characters, ones that turn the text around, or piled-up marks',
  },
  NOT_AN_EMOJI: {
    kind: 'unprocessable',
    ko: '반응은 이모지 하나여야 합니다',
    en: 'A reaction is exactly one emoji',
  },
  TOO_MANY_MENTIONS: {
    kind: 'unprocessable',
    ko: '한 메시지에서 {limit}번까지 부를 수 있습니다',
    en: 'A message has at most {limit} mentions',
  },
  MENTION_OUT_OF_TEXT: {
    kind: 'unprocessable',
    ko: 'mentions의 offset과 length는 content 안에 있어야 합니다(UTF-16 단위)',
    en: 'Ranges of mentions must lie within the content (UTF-16 code units)',
  },
  MENTIONS_OVERLAP: {
    kind: 'unprocessable',
    ko: 'mentions의 범위가 서로 겹치면 안 됩니다',
    en: 'Ranges of mentions must not overlap',
  },
  MENTION_ALL_NOT_ALLOWED: {
    kind: 'forbidden',
    ko: '모두를 부르는 것은 그룹의 방장과 관리자만 할 수 있습니다',
    en: 'Only the owner and the admins of a group can mention everyone',
  },
  MUTED_UNTIL_PAST: {
    kind: 'unprocessable',
    ko: '알림을 끌 시각은 지금({now}) 이후여야 합니다. 바로 켜려면 null을 보내 주세요',
    en: 'muted_until must be after now ({now}); null ends it at once',
  },
  ROLE_REQUIRED: {
    kind: 'forbidden',
    ko: '이 작업을 할 권한이 없습니다 (필요한 권한: {role})',
    en: 'Your role in this room does not allow this (needed: {role})',
  },
  GROUP_ONLY: {
    kind: 'invalid',
    ko: '그룹 채팅방에서만 할 수 있습니다',
    en: 'This is possible in group rooms only',
  },
  DIRECT_WITH_SELF: {
    kind: 'invalid',
    ko: '자신과는 1:1 채팅방을 만들 수 없습니다',
    en: 'A direct room needs another person',
  },
  USER_NOT_FOUND: {
    kind: 'not_found',
    ko: '사용자를 찾을 수 없습니다',
    en: 'There is no such user',
  },
  BLOCKED: {
    kind: 'forbidden',
    ko: '차단한 사용자입니다. 먼저 차단을 해제해 주세요',
    en: 'You have blocked this person; unblock them first',
  },
  PARTNER_GONE: {
    kind: 'forbidden',
    ko: '상대방에게 메시지를 보낼 수 없습니다',
    en: 'This person cannot be written to',
  },
  ROOM_FULL: {
    kind: 'conflict',
    ko: '채팅방 인원이 가득 찼습니다 (최대 {limit}명)',
    en: 'The room is full (at most {limit} members)',
  },
  INVITATION_NOT_FOUND: {
    kind: 'not_found',
    ko: '초대가 없거나 이미 처리되었습니다',
    en: 'There is no invitation to this room that waits for you',
  },
  REMOVED_FROM_ROOM: {
    kind: 'forbidden',
    ko: '내보내진 채팅방에는 초대 링크로 다시 들어갈 수 없습니다. 관리자의 초대가 필요합니다',
    en: 'You were removed from this room: no link leads back, an admin has to invite you',
  },
  REMOVED_BY_ADMIN: {
    kind: 'forbidden',
    ko: '관리자가 내보낸 사람은 관리자만 다시 초대할 수 있습니다',
    en: 'Somebody an admin has removed can be invited again by an admin only',
  },
  TOO_MANY_ROOMS: {
    kind: 'conflict',
    ko: '참여할 수 있는 채팅방은 {limit}개까지입니다. 쓰지 않는 채팅방에서 나가 주세요',
    en: 'You can be in at most {limit} rooms; leave some you do not use',
  },
  MEMBER_IN_TOO_MANY_ROOMS: {
    kind: 'conflict',
    ko: '참여한 채팅방이 너무 많아 초대할 수 없는 사람이 있습니다',
    en: 'Somebody among them is in too many rooms already',
  },
  TOO_MANY_GROUPS_TODAY: {
    kind: 'conflict',
    ko: '하루에 만들 수 있는 그룹은 {limit}개까지입니다. 내일 다시 시도해 주세요',
    en: 'You can make at most {limit} groups a day; try again tomorrow',
  },
  TOO_MANY_LINKS_TODAY: {
    kind: 'conflict',
    ko: '하루에 만들 수 있는 초대 링크는 {limit}개까지입니다. 내일 다시 시도해 주세요',
    en: 'You can make at most {limit} invite links a day; try again tomorrow',
  },
  MESSAGE_NOT_FOUND: { kind: 'not_found', ko: '메시지를 찾을 수 없습니다', en: 'There is no such message' },
  MESSAGE_DELETED: { kind: 'conflict', ko: '삭제된 메시지입니다', en: 'The message has been deleted' },
  NOT_YOUR_MESSAGE: {
    kind: 'forbidden',
    ko: '본인이 보낸 메시지만 수정하거나 삭제할 수 있습니다',
    en: 'Only your own messages can be changed',
  },
  NOT_EDITABLE: {
    kind: 'invalid',
    ko: '텍스트 메시지만 수정할 수 있습니다',
    en: 'Only text messages can be edited',
  },
  SYSTEM_MESSAGE: {
    kind: 'invalid',
    ko: '시스템 메시지에는 할 수 없습니다',
    en: 'This cannot be done to a system message',
  },
  TOO_MANY_REACTIONS: {
    kind: 'conflict',
    ko: '한 메시지에 달 수 있는 반응은 {limit}종류까지입니다',
    en: 'A message takes at most {limit} different reactions',
  },
  TOO_MANY_PINS: {
    kind: 'conflict',
    ko: '고정할 수 있는 메시지는 {limit}개까지입니다',
    en: 'A room takes at most {limit} pinned messages',
  },
  REPLY_NOT_FOUND: {
    kind: 'invalid',
    ko: '답장할 메시지를 찾을 수 없습니다',
    en: 'reply_to names no message of this room that you can see',
  },
  CLIENT_MESSAGE_ID_REUSED: {
    kind: 'conflict',
    ko: '같은 client_message_id로 다른 내용을 보낼 수 없습니다',
    en: 'This client_message_id was used for a different message',
  },
  CONTENT_REQUIRED: {
    kind: 'invalid',
    ko: '메시지 내용을 입력해 주세요',
    en: 'A text message needs content',
  },
  FILE_REQUIRED: {
    kind: 'invalid',
    ko: '먼저 POST /files로 파일을 올리고 file_id를 보내 주세요',
    en: 'Upload the file first (POST /files) and send its file_id',
  },
  FILE_NOT_FOUND: { kind: 'not_found', ko: '파일을 찾을 수 없습니다', en: 'There is no such file' },
  FILE_WRONG_TYPE: {
    kind: 'invalid',
    ko: '파일 형식이 message_type({type})과 맞지 않습니다',
    en: 'The file is not what message_type says ({type})',
  },
  FILE_MISSING: {
    kind: 'invalid',
    ko: 'multipart/form-data의 file 필드로 파일을 보내 주세요',
    en: 'Send the file as the field "file" of multipart/form-data',
  },
  FILE_UNREADABLE: {
    kind: 'unsupported_media',
    ko: '{claimed} 사진이라고 보냈지만 실제로는 {found} 파일입니다. 파일 이름의 확장자를 바로잡아 다시 보내 주세요',
    en: 'The file was sent as a {claimed} picture, but is of the format {found}. Correct the ending of its name and send it again',
  },
  FILE_UNRECOGNISED: {
    kind: 'unsupported_media',
    ko: '{claimed} 사진이라고 보냈지만 내용은 그런 사진이 아닙니다. 파일 이름의 확장자를 바로잡아 다시 보내 주세요',
    en: 'The file was sent as a {claimed} picture, but its content is none. Correct the ending of its name and send it again',
  },
  TOO_MANY_FILES: {
    kind: 'conflict',
    ko: '올릴 수 있는 파일은 {limit}개까지입니다. 파일을 보낸 메시지를 지우면 자리가 납니다',
    en: 'You can keep at most {limit} files; deleting messages with files makes room',
  },
  STORAGE_FULL: {
    kind: 'conflict',
    ko: '저장 공간 {mb}MB를 모두 썼습니다. 파일을 보낸 메시지를 지우면 자리가 납니다',
    en: 'Your {mb} MB of storage are full; deleting messages with files makes room',
  },
  RANGE_NOT_SATISFIABLE: {
    kind: 'range_not_satisfiable',
    ko: '요청한 범위가 파일 크기를 벗어났습니다',
    en: 'The requested range lies outside the file',
  },
  INVITE_NOT_FOUND: {
    kind: 'not_found',
    ko: '초대 링크가 없거나 만료되었습니다',
    en: 'The invite link does not exist or has expired',
  },
  OUTCOME_UNKNOWN: {
    kind: 'unavailable',
    ko: '처리되었는지 아직 확인하지 못했습니다. 잠시 후 다시 시도해 주세요',
    en: 'Whether this was done is not known yet; try again shortly',
  },
  CHAT_BUSY: {
    kind: 'unavailable',
    ko: '지금은 요청이 너무 많습니다. 잠시 후 다시 시도해 주세요',
    en: 'There is too much to do at the moment; try again shortly',
  },
  TICKET_INVALID: {
    kind: 'unauthenticated',
    ko: '스트림 티켓이 없거나 만료되었습니다',
    en: 'The stream ticket is unknown, used or expired',
  },
  TOO_MANY_CONNECTIONS: {
    kind: 'unavailable',
    ko: '연결이 너무 많습니다. 잠시 후 다시 시도해 주세요',
    en: 'Too many connections; try again shortly',
  },
  TOO_MANY_STREAMS: {
    kind: 'rate_limited',
    ko: '이 계정이나 네트워크에서 열 수 있는 실시간 연결을 모두 쓰고 있습니다. 쓰지 않는 창이나 기기를 닫고 {seconds}초 후에 다시 시도해 주세요',
    en: 'All streams this account or network may have are open; close unused windows or devices and try again in {seconds} seconds',
  },
  BAD_FRAME: {
    kind: 'invalid',
    ko: '프레임 형식이 올바르지 않습니다: {reason}',
    en: 'The frame is not understood: {reason}',
  },
})
