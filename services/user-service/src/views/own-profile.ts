import { isoTime } from '@bigtech/kernel'
import type { OwnProfile } from '../contract/schemas.ts'
import { publicProfile, type ImageUrl } from '../domain/public-events.ts'
import type { User } from '../domain/user.ts'

/** The whole profile: for its owner and for administrators only. */
export function ownProfile(user: User, imageUrl: ImageUrl): OwnProfile {
  return {
    ...publicProfile(user, imageUrl),
    email: user.email,
    email_verified: user.email_confirmed_at !== null,
    age: user.age,
    phone: user.phone,
    role: user.role,
    login_count: user.login_count,
    last_login_at: user.last_login_at === null ? null : isoTime(user.last_login_at),
    created_at: isoTime(user.created_at),
    updated_at: isoTime(user.updated_at),
  }
}
