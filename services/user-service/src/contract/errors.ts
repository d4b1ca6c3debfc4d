import { defineErrors } from '@bigtech/kernel'

export const userErrors = defineErrors({
  EMAIL_TAKEN: { kind: 'invalid', ko: '이미 사용 중인 이메일입니다', en: 'This e-mail address is already in use' },
  USERNAME_TAKEN: { kind: 'conflict', ko: '이미 사용 중인 사용자 이름입니다', en: 'This username is already in use' },
  TEXT_NOT_PLAIN: {
    kind: 'unprocessable',
    ko: '보이지 않는 문자, 글자 방향을 바꾸는 문자, 겹겹이 쌓은 기호는 쓸 수 없습니다',
    en: 'must not contain invisible characters, ones that turn the text around, or piled-up marks',
  },
  NAME_CONFUSABLE: {
    kind: 'unprocessable',
    ko: '다른 글자처럼 보이는 문자나 서로 다른 문자 체계(예: 영문과 키릴 문자)를 섞어 쓸 수 없습니다',
    en: 'must not mix writings (Latin and Cyrillic letters, say) or contain letters that look like others',
  },
  PASSWORD_BLANK: {
    kind: 'unprocessable',
    ko: '공백이나 보이지 않는 문자만으로는 비밀번호를 만들 수 없습니다',
    en: 'must not be blanks or invisible characters only',
  },
  PASSWORD_IS_NAME: {
    kind: 'unprocessable',
    ko: '이름이나 이메일 주소를 비밀번호로 쓸 수 없습니다',
    en: 'must not be your name or e-mail address',
  },
  PASSWORD_COMMON: {
    kind: 'unprocessable',
    ko: '너무 흔히 쓰여 쉽게 알아낼 수 있는 비밀번호입니다',
    en: 'is one of the passwords that everybody tries first',
  },
  CREDENTIALS_INVALID: {
    kind: 'unauthenticated',
    ko: '이메일 또는 비밀번호가 올바르지 않습니다',
    en: 'The e-mail address or the password is not correct',
  },
  ACCOUNT_INACTIVE: { kind: 'forbidden', ko: '비활성화된 계정입니다', en: 'This account is deactivated' },
  ACCOUNT_CLOSING: {
    kind: 'forbidden',
    ko: '탈퇴 처리가 진행 중인 계정입니다',
    en: 'This account is being closed',
  },
  USER_NOT_FOUND: { kind: 'not_found', ko: '사용자를 찾을 수 없습니다', en: 'There is no such user' },
  HISTORY_NOT_KEPT: {
    kind: 'not_found',
    ko: '그 시점의 기록은 더 이상 보관되지 않습니다',
    en: 'The history of this account is not kept as far back as that',
  },
  SESSION_NOT_FOUND: { kind: 'not_found', ko: '세션을 찾을 수 없습니다', en: 'There is no such session' },
  REFRESH_TOKEN_INVALID: {
    kind: 'unauthenticated',
    ko: '유효하지 않은 리프레시 토큰입니다. 다시 로그인해 주세요',
    en: 'The refresh token is not valid; sign in again',
  },
  REFRESH_TOKEN_REUSED: {
    kind: 'unauthenticated',
    ko: '이미 사용된 리프레시 토큰입니다. 보안을 위해 로그아웃되었습니다',
    en: 'The refresh token was used before; the session was ended for safety, sign in again',
  },
  RESET_TOKEN_INVALID: {
    kind: 'invalid',
    ko: '유효하지 않거나 만료된 비밀번호 재설정 링크입니다',
    en: 'The password reset link is not valid or has expired',
  },
  EMAIL_NOT_CONFIRMED: {
    kind: 'forbidden',
    ko: '이메일 주소가 확인되지 않았습니다. 메일의 링크를 눌러 주세요',
    en: 'The e-mail address is not confirmed yet; follow the link in the mail',
  },
  CONFIRMATION_TOKEN_INVALID: {
    kind: 'invalid',
    ko: '유효하지 않거나 만료된 이메일 확인 링크입니다',
    en: 'The link that confirms the e-mail address is not valid or has expired',
  },
  PASSWORD_WRONG: {
    kind: 'invalid',
    ko: '현재 비밀번호가 올바르지 않습니다',
    en: 'The current password is not correct',
  },
  OWN_ACCOUNT: {
    kind: 'invalid',
    ko: '자신의 상태나 역할은 변경할 수 없습니다',
    en: 'Nobody may change their own status or role',
  },
  USER_CHANGED: {
    kind: 'conflict',
    ko: '다른 요청이 먼저 처리되었습니다. 다시 시도해 주세요',
    en: 'The account was changed by other requests at the same time; try again',
  },
  TOO_MANY_USER_IDS: {
    kind: 'invalid',
    ko: '한 번에 조회할 수 있는 사용자는 최대 {max}명입니다',
    en: 'At most {max} users can be asked for at once',
  },
  IMAGE_TYPE_UNSUPPORTED: {
    kind: 'unsupported_media',
    ko: 'PNG, JPEG, WebP, GIF 이미지만 올릴 수 있으며 Content-Type이 실제 내용과 같아야 합니다',
    en: 'Send a PNG, JPEG, WebP or GIF image whose Content-Type says what it is',
  },
  IMAGE_TOO_LARGE: {
    kind: 'too_large',
    ko: '이미지가 너무 큽니다 (최대 {mb}MB)',
    en: 'The image is too large (at most {mb} MB)',
  },
  IMAGE_MISSING: { kind: 'invalid', ko: '이미지 파일이 없습니다', en: 'The request has no image file' },
  IMAGE_NOT_FOUND: { kind: 'not_found', ko: '프로필 이미지가 없습니다', en: 'This user has no profile image' },
  PASSWORD_CHECKS_BUSY: {
    kind: 'unavailable',
    ko: '로그인 요청이 많습니다. 잠시 후 다시 시도해 주세요',
    en: 'Too many sign-ins at once; try again shortly',
  },
})
