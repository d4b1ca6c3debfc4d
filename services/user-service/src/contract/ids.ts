/** User ids are positive integers, as in the sources. They are never used again, not even after an account was closed. */
export type UserId = number
/** A session is one sign-in on one device: the family of its refresh tokens. UUIDv7. */
export type SessionId = string

export type UserStatus = 'active' | 'inactive' | 'closing' | 'closed'
export type UserRole = 'user' | 'admin'

/** What others show instead of the name of a closed account. */
export const CLOSED_DISPLAY_NAME = '탈퇴한 사용자'
export const closedUsername = (id: UserId): string => `closed-${id}`
