import { defineErrors } from '@bigtech/kernel'

export const aiErrors = defineErrors({
  TREND_RANGE_INVALID: {
    kind: 'invalid',
    ko: '기간이나 시간대가 올바르지 않습니다. {expected}',
    en: 'The range or the time zone is not valid; {expected}',
  },
  TEXT_EMPTY: { kind: 'invalid', ko: '텍스트가 비어있습니다', en: 'The text is empty' },
  CONSENT_REQUIRED: {
    kind: 'forbidden',
    ko: '먼저 동의가 필요합니다. 문구를 읽고(GET /care/consents) 동의해 주세요(PUT /care/consents/{kind})',
    en: 'You have not agreed to this yet: read the words (GET /care/consents) and agree (PUT /care/consents/{kind})',
  },
  CONSENT_WORDS_CHANGED: {
    kind: 'conflict',
    ko: '동의 문구가 바뀌었습니다. 지금 문구를 읽고 version {version}에 동의해 주세요',
    en: 'The words have changed; read them and agree to version {version}',
  },
  CONSENT_NOT_OFFERED: {
    kind: 'not_found',
    ko: '그런 동의 항목이 없습니다',
    en: 'There is nothing of this kind and subject to agree to',
  },
  NO_CARE_LINK: {
    kind: 'conflict',
    ko: '이 보호자와 맺은 돌봄이 없습니다. 먼저 서로 수락해 주세요',
    en: 'There is no care link with this guardian that both of you agreed to',
  },
  SELF_CARE_LINK: {
    kind: 'invalid',
    ko: '자신과는 돌봄을 맺을 수 없습니다',
    en: 'You cannot be a guardian of yourself',
  },
  NOT_A_FRIEND: {
    kind: 'forbidden',
    ko: '친구와만 돌봄을 맺을 수 있습니다. 먼저 친구가 되어 주세요',
    en: 'A care link is among friends; become friends first',
  },
  CARE_LINKS_FULL: {
    kind: 'conflict',
    ko: '보호자도 돌보는 사람도 한 사람에 {limit}명까지입니다',
    en: 'Somebody has at most {limit} guardians, and looks after no more people than that',
  },
  TOO_MANY_CARE_ASKS: {
    kind: 'conflict',
    ko: '하루에 {limit}번까지 돌봄을 요청할 수 있습니다. 내일 다시 시도해 주세요',
    en: 'You can ask for at most {limit} care links a day; try again tomorrow',
  },
  SENIOR_NOT_FOUND: {
    kind: 'not_found',
    ko: '그런 사람이 없거나, 상태를 보여 주는 데 동의하지 않았습니다',
    en: 'There is nobody of this id who lets you see how they are',
  },
  NOTE_NOT_FOUND: { kind: 'not_found', ko: '메모를 찾을 수 없습니다', en: 'There is no such note of yours' },
  TOO_MANY_CARE_NOTES: {
    kind: 'conflict',
    ko: '하루에 {limit}개까지 적을 수 있습니다. 내일 다시 시도해 주세요',
    en: 'You can write at most {limit} notes a day; try again tomorrow',
  },
  CARE_LINK_NOT_FOUND: { kind: 'not_found', ko: '돌봄 요청을 찾을 수 없습니다', en: 'There is no such care link' },
  ENTRIES_OF_TODAY: {
    kind: 'rate_limited',
    ko: '오늘은 더 건넬 수 없습니다. 하루에 {most}개까지 남길 수 있습니다',
    en: 'No more today: at most {most} entries are taken in a day',
  },
  ENTRY_NOT_FOUND: { kind: 'not_found', ko: '기록을 찾을 수 없습니다', en: 'There is no such entry' },
  ANSWERS_INVALID: {
    kind: 'unprocessable',
    ko: '답이 질문과 맞지 않습니다. 질문마다 하나씩, 보기의 값으로 보내 주세요',
    en: 'The answers do not fit the questions: send one for each, with the value of a choice',
  },
  AUDIO_MISSING: {
    kind: 'invalid',
    ko: 'multipart/form-data의 file 필드로 음성 파일을 보내 주세요',
    en: 'Send the recording as the field "file" of multipart/form-data',
  },
  AUDIO_EMPTY: {
    kind: 'invalid',
    ko: "검증 실패: ['파일이 비어 있습니다']",
    en: "The recording was refused: ['the file is empty']",
  },
  AUDIO_TOO_BIG: {
    kind: 'invalid',
    ko: "검증 실패: ['파일이 너무 큽니다']",
    en: "The recording was refused: ['the file is too large']",
  },
  AUDIO_FORMAT_UNKNOWN: {
    kind: 'invalid',
    ko: "검증 실패: ['지원하지 않는 형식입니다']",
    en: "The recording was refused: ['the format is none of those that are read']",
  },
  AUDIO_UNREADABLE: {
    kind: 'invalid',
    ko: "검증 실패: ['파일을 읽을 수 없습니다']",
    en: "The recording was refused: ['the file cannot be read']",
  },
  AUDIO_TOO_LONG: {
    kind: 'too_large',
    ko: '녹음이 너무 깁니다. {minutes}분까지 보낼 수 있습니다',
    en: 'The recording is too long: at most {minutes} minutes',
  },
  USER_ID_OF_ANOTHER: {
    kind: 'forbidden',
    ko: 'user_id가 로그인한 사람이 아닙니다. 자신의 번호를 쓰거나 비워 두세요',
    en: 'The user_id is not who is signed in; send your own, or none',
  },
  LANGUAGE_UNKNOWN: {
    kind: 'unprocessable',
    ko: '이 언어는 알아듣지 못합니다. language_code를 ko-KR처럼 보내 주세요',
    en: 'Speech in this language is not recognised; send a language_code like ko-KR',
  },
  RECORDING_INTERRUPTED: {
    kind: 'unavailable',
    ko: '서버가 멈추어 녹음을 끝까지 듣지 못했습니다. 다시 보내 주세요',
    en: 'The server stopped before the recording was listened to; send it again',
  },
  RECORDING_NOT_FOUND: { kind: 'not_found', ko: '녹음을 찾을 수 없습니다', en: 'There is no such recording' },
  NO_SPEECH_MODEL: {
    kind: 'unavailable',
    ko: '음성 인식 모델이 없습니다. 서버에서 npm run care:model 을 실행해 주세요',
    en: 'There is no speech model; run "npm run care:model" on the server',
  },
  SPEECH_OFF: {
    kind: 'unavailable',
    ko: '이 서버에서는 음성 인식을 쓸 수 없습니다',
    en: 'Speech is not recognised on this server',
  },
  SPEECH_BUSY: {
    kind: 'unavailable',
    ko: '다른 녹음을 듣고 있습니다. 잠시 후 다시 보내 주세요',
    en: 'Other recordings are being listened to; send it again in a moment',
  },
  SPEECH_FAILED: {
    kind: 'unavailable',
    ko: '녹음을 끝까지 듣지 못했습니다. 잠시 후 다시 보내 주세요',
    en: 'The recording could not be listened to; send it again in a moment',
  },
})
