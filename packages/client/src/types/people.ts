export type AccountStatus = 'active' | 'inactive' | 'closing' | 'closed'
export type AccountRole = 'user' | 'admin'

export type PublicProfile = {
  id: number
  username: string
  display_name: string
  status_message: string | null
  profile_image_url: string | null
  status: AccountStatus
}

export type OwnProfile = {
  id: number
  email: string | null
  /** Whether the address is known to be its owner's. */
  email_verified: boolean
  username: string
  display_name: string
  status_message: string | null
  profile_image_url: string | null
  age: number | null
  phone: string | null
  status: AccountStatus
  role: AccountRole
  login_count: number
  last_login_at: string | null
  created_at: string
  updated_at: string
}

export type Registration = {
  email: string
  username: string
  password: string
  display_name?: string | null
  age?: number | null
  phone?: string | null
}

/** What is left out stays; null clears. */
export type ProfileChange = {
  username?: string
  display_name?: string | null
  status_message?: string | null
  age?: number | null
  phone?: string | null
}

export type TokenPair = {
  access_token: string
  /** Not there when it went into a cookie. */
  refresh_token?: string
  token_type: 'bearer'
  /** seconds */
  expires_in: number
}

export type SessionInfo = {
  id: string
  /** User-Agent of the sign-in */
  device: string | null
  ip: string | null
  created_at: string
  last_used_at: string
  current: boolean
}

export type Activity = {
  id: number
  activity_type: string
  description: string
  data: Record<string, unknown>
  created_at: string
}

export type UserHistory = {
  state: OwnProfile
  version: number
  events: {
    version: number
    event_id: string
    event_type: string
    data: Record<string, unknown>
    occurred_at: string
  }[]
}

export type DataExport = {
  exported_at: string
  profile: OwnProfile
  sessions: Omit<SessionInfo, 'current'>[]
  friend_ids: number[]
  activities: Activity[]
}

export type Presence = { user_id: number; online: boolean; last_seen_at: string | null }

export type Person = {
  user_id: number
  username: string
  display_name: string
  status_message: string | null
  profile_image_url: string | null
}

export type FriendRequest = {
  id: number
  from_user_id: number
  to_user_id: number
  status: 'pending' | 'accepted' | 'rejected' | 'cancelled'
  created_at: string
}
export type ListedFriendRequest = FriendRequest & { user: Person }
/** `online` is null when presence could not be asked. */
export type Friend = Person & { online: boolean | null; last_seen_at: string | null; friends_since: string }
export type BlockedPerson = Person & { blocked_since: string }
export type Suggestion = Person & { mutual_friends: number }

export type About = {
  name: string
  /** bytes of one upload */
  max_file_bytes: number
  /** Of the demo world; empty when there is none. */
  demo_accounts: { username: string; display_name: string; password: string }[]
}
