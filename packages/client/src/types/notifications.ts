export type NotificationKind =
  | 'mention'
  | 'reply'
  | 'reaction'
  | 'friend_request'
  | 'friend_accepted'
  | 'invited'
  | 'care_asked'
  | 'care_granted'
  | 'care_alert'
  | 'care_renewal'
  | 'new_device'
  | 'password_changed'

/** What a device can be told of: new messages are in the list of rooms, not in that of notifications. */
export type PushKind = 'message' | NotificationKind

export type NotificationActor = { user_id: number; display_name: string; profile_image_url: string | null }

export type Notification = {
  id: number
  kind: NotificationKind
  /** In the language of the client. */
  text: string
  /** The latest first, three at most. */
  actors: NotificationActor[]
  /** How many they are in all. */
  actor_count: number
  room_id: number | null
  message_id: string | null
  seq: number | null
  /** Where it leads in the web client. */
  link: string
  created_at: string
  /** Of the latest that is told together here. */
  updated_at: string
  read_at: string | null
}

export type QuietHours = {
  /** `22:00`; over midnight too. Equal times: all day. */
  from: string
  to: string
  /** `Asia/Seoul` */
  time_zone: string
}

/** Ways to be told that may be refused; a way that is not there cannot be. */
export type NotificationWays = { push?: boolean; in_app?: boolean; mail?: boolean }

export type NotificationSettings = {
  kinds: Record<PushKind, NotificationWays>
  /** Whether what a device is told holds the words of messages. */
  show_text: boolean
  sound: boolean
  quiet_hours: QuietHours | null
  /** A mail with what was missed, at most one a day. */
  digest: boolean
  /** Of mails; null: both. */
  language: 'ko' | 'en' | null
}

/** What is left out stays. */
export type NotificationSettingsChange = Partial<Omit<NotificationSettings, 'kinds'>> & {
  kinds?: Partial<Record<PushKind, NotificationWays>>
}

/** What `PushManager.subscribe()` gives, as its `toJSON()` has it. */
export type NewPushSubscription = {
  endpoint: string
  keys: { p256dh: string; auth: string }
  /** For its user, who finds it in the list of devices by it. */
  device?: string
}

export type PushSubscriptionInfo = { id: number; device: string; endpoint: string; created_at: string }

/** What a device shows: the JSON of a push. */
export type PushPayload = {
  /** A device shows one notification a tag: the latest. */
  tag: string
  /** `close`: what has the tag is taken away, as it was read elsewhere. */
  kind: PushKind | 'close' | 'test'
  title: string
  body: string
  link: string
  silent: boolean
  /** Notifications in the list that were not read. */
  unread: number
  /** epoch ms */
  at: number
}
