import { defineErrors } from '@bigtech/kernel'

export const dependencyErrors = defineErrors({
  DEPENDENCY_UNAVAILABLE: {
    kind: 'unavailable',
    ko: '필요한 서비스가 응답하지 않습니다. 잠시 후 다시 시도해 주세요',
    en: 'A service this one needs does not answer. Try again shortly',
  },
})
