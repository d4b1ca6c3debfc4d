import { defineErrors } from '@bigtech/kernel'

export const aiErrors = defineErrors({
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
