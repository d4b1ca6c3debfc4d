import { defineErrors } from '@bigtech/kernel'

export const notificationErrors = defineErrors({
  ENDPOINT_NOT_ALLOWED: {
    kind: 'unprocessable',
    ko: '푸시 주소는 공개된 https 주소여야 합니다',
    en: 'The endpoint of a subscription must be a public https address',
  },
  BAD_SUBSCRIPTION_KEYS: {
    kind: 'unprocessable',
    ko: '구독 키가 올바르지 않습니다. 브라우저가 준 p256dh와 auth를 그대로 보내 주세요',
    en: 'The keys are none of a subscription; send p256dh and auth as the browser gave them',
  },
  UNKNOWN_TIME_ZONE: {
    kind: 'unprocessable',
    ko: '알 수 없는 시간대입니다. Asia/Seoul 같은 이름이어야 합니다',
    en: 'There is no such time zone; expected a name like Asia/Seoul',
  },
})
