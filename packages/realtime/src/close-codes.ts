/** Why a stream was closed. 4000–4499: connect again and resume; 4500–4999: do not, without doing what the reason says. */
export const closeCodes = {
  shutting_down: 4001,
  slow_reader: 4002,
  ping_timeout: 4003,
  overloaded: 4004,
  internal_error: 4005,
  session_ended: 4501,
  bad_frame: 4502,
} as const

export type CloseReason = keyof typeof closeCodes
