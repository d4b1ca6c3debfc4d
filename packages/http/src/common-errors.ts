import { defineErrors } from '@bigtech/kernel'

/** Errors any endpoint may answer with. */
export const commonErrors = defineErrors({
  MALFORMED_REQUEST: {
    kind: 'invalid',
    ko: '요청 형식이 올바르지 않습니다: {reason}',
    en: 'The request is malformed: {reason}',
  },
  VALIDATION_FAILED: {
    kind: 'unprocessable',
    ko: '입력값이 올바르지 않습니다',
    en: 'Some fields are not valid; see errors',
  },
  BAD_CURSOR: {
    kind: 'invalid',
    ko: '커서가 올바르지 않습니다. 이전 응답의 next_cursor 값을 그대로 보내 주세요',
    en: 'The cursor is not valid; send the next_cursor of an earlier answer unchanged',
  },
  NOT_AUTHENTICATED: {
    kind: 'unauthenticated',
    ko: '인증이 필요합니다',
    en: 'Sign in first: send Authorization: Bearer <access_token>',
  },
  TOKEN_INVALID: {
    kind: 'unauthenticated',
    ko: '유효하지 않은 토큰입니다',
    en: 'The access token is not valid',
  },
  TOKEN_EXPIRED: {
    kind: 'unauthenticated',
    ko: '토큰이 만료되었습니다',
    en: 'The access token has expired; refresh it',
  },
  ADMIN_ONLY: { kind: 'forbidden', ko: '관리자만 사용할 수 있습니다', en: 'Only administrators may do this' },
  METRICS_FORBIDDEN: {
    kind: 'forbidden',
    ko: '지표는 이 기기에서만, 또는 METRICS_TOKEN으로만 볼 수 있습니다',
    en: 'Metrics are for programs on this machine, or with METRICS_TOKEN as a bearer token',
  },
  ROUTE_NOT_FOUND: {
    kind: 'not_found',
    ko: '요청한 경로를 찾을 수 없습니다',
    en: 'There is nothing at this method and path; see /docs',
  },
  METHOD_NOT_ALLOWED: {
    kind: 'method_not_allowed',
    ko: '이 경로에서는 {method} 메서드를 사용할 수 없습니다 (가능: {allow})',
    en: 'This path has no {method}; it has {allow}',
  },
  UPGRADE_REQUIRED: {
    kind: 'upgrade_required',
    ko: '이 주소는 WebSocket으로만 연결할 수 있습니다',
    en: 'This address speaks WebSocket only',
  },
  BODY_TOO_LARGE: {
    kind: 'too_large',
    ko: '요청 본문이 너무 큽니다 (최대 {limit}바이트)',
    en: 'The body is too large (at most {limit} bytes)',
  },
  HEADERS_TOO_LARGE: {
    kind: 'headers_too_large',
    ko: '요청 헤더가 너무 큽니다',
    en: 'The request headers are too large',
  },
  REQUEST_TIMEOUT: {
    kind: 'too_late',
    ko: '요청이 제때 도착하지 않았습니다. 다시 보내 주세요',
    en: 'The request did not arrive in time; send it again',
  },
  ONE_FILE_EXPECTED: {
    kind: 'invalid',
    ko: '요청 하나에 파일은 하나만 보낼 수 있습니다. 파일마다 따로 보내 주세요',
    en: 'One file a request is expected; send each file in a request of its own',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    kind: 'unsupported_media',
    ko: '지원하지 않는 Content-Type입니다. {expected} 형식으로 보내 주세요',
    en: 'Unsupported Content-Type; send {expected}',
  },
  RATE_LIMITED: {
    kind: 'rate_limited',
    ko: '요청이 너무 많습니다. {seconds}초 후에 다시 시도해 주세요',
    en: 'Too many requests; try again in {seconds} seconds',
  },
  IDEMPOTENCY_KEY_REUSED: {
    kind: 'conflict',
    ko: '같은 Idempotency-Key로 다른 요청을 보낼 수 없습니다',
    en: 'This Idempotency-Key was used for a different request',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    kind: 'conflict',
    ko: '같은 Idempotency-Key의 요청을 처리하고 있습니다',
    en: 'A request with this Idempotency-Key is still being processed',
  },
  INTERNAL: {
    kind: 'internal',
    ko: '서버 오류가 발생했습니다. 문제가 계속되면 trace_id와 함께 알려 주세요',
    en: 'Something went wrong on our side; if it persists, report the trace_id',
  },
})
