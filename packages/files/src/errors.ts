import { defineErrors } from '@bigtech/kernel'

export const fileErrors = defineErrors({
  FILE_TOO_LARGE: {
    kind: 'too_large',
    ko: '파일이 너무 큽니다 (최대 {limit}바이트)',
    en: 'The file is too large (at most {limit} bytes)',
  },
  FILE_STORAGE_UNAVAILABLE: {
    kind: 'unavailable',
    ko: '지금은 파일을 저장할 수 없습니다. 잠시 후 다시 시도해 주세요',
    en: 'Files cannot be stored right now; nothing was saved. Try again shortly',
  },
  IMAGE_UNREADABLE: {
    kind: 'invalid',
    ko: '이미지를 읽을 수 없습니다. 손상되었거나 너무 큰 이미지입니다',
    en: 'The image cannot be read: it is damaged or has too many pixels',
  },
})
