import { AppError, defineErrors } from '@bigtech/kernel'

export const messagingErrors = defineErrors({
  UNKNOWN_TOPIC: {
    kind: 'internal',
    ko: '{topic} 토픽이 없습니다',
    en: 'There is no topic {topic}; it must be created with ensureTopics first',
  },
  RECORD_TOO_LARGE: {
    kind: 'too_large',
    ko: '{topic} 토픽의 이벤트가 너무 큽니다 (키 {key}, {bytes}바이트)',
    en: 'An event of {bytes} bytes (key {key}) is larger than the topic {topic} takes',
  },
  BUS_UNAVAILABLE: {
    kind: 'unavailable',
    ko: '이벤트 버스를 사용할 수 없습니다',
    en: 'The event bus cannot be reached right now',
  },
  OUTBOX_NOT_EMPTY: {
    kind: 'unavailable',
    ko: '아웃박스에 이벤트 {pending}개가 남아 있습니다. 다음에 시작할 때 내보냅니다',
    en: '{pending} events still wait in the outbox; they are published after the next start',
  },
})

/** True when the same call may succeed later without any change: an outage, not a fault of the record. */
export const isUnavailable = (error: unknown): boolean => error instanceof AppError && error.kind === 'unavailable'

/** At most 500 characters: enough to find the cause, small enough for a header or a column. */
export const errorText = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 500)

/** A stable word for the error: the catalogue code, a driver's code, or the class name. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code
  if (typeof code === 'string') return code
  return error instanceof Error ? error.name : 'UNKNOWN'
}
