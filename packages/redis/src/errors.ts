import { defineErrors } from '@bigtech/kernel'

export const redisErrors = defineErrors({
  REDIS_UNAVAILABLE: {
    kind: 'unavailable',
    ko: '지금은 처리할 수 없습니다. 잠시 후 다시 시도해 주세요',
    en: 'This cannot be done right now; nothing was changed. Try again shortly',
  },
})

/** Whatever a command of Redis fails with: for who must tell the caller to try again. */
export const unavailable = (cause: unknown) => redisErrors.REDIS_UNAVAILABLE({ cause, retryAfterS: 2 })
