import { defineErrors } from '@bigtech/kernel'

export const analyticsErrors = defineErrors({
  TIME_ZONE_UNKNOWN: {
    kind: 'invalid',
    ko: '알 수 없는 시간대입니다: {tz}',
    en: 'There is no time zone {tz}; use a name such as Asia/Seoul',
  },
  RANGE_INVALID: {
    kind: 'invalid',
    ko: '기간이 올바르지 않습니다. 시작일은 종료일과 오늘보다 늦을 수 없습니다',
    en: 'The range is not valid: from and to are dates, and from is not after to or today',
  },
  RANGE_TOO_LONG: {
    kind: 'invalid',
    ko: '기간은 {days}일까지 조회할 수 있습니다',
    en: 'A range has at most {days} days',
  },
  TOO_MANY_INTERVALS: {
    kind: 'invalid',
    ko: '한 번에 {limit}개 구간까지 조회할 수 있습니다. 더 긴 간격을 선택해 주세요',
    en: 'The range has more than {limit} intervals; choose a longer interval',
  },
  REBUILD_RUNNING: {
    kind: 'conflict',
    ko: '통계를 이미 다시 만들고 있습니다',
    en: 'The statistics are being made anew already',
  },
})
