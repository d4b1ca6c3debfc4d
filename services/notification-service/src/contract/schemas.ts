import { Type, type Static } from 'typebox'
import { CHANNELS, NOTE_KINDS } from './kinds.ts'

export const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
export const Time = Type.String({ format: 'date-time' })
const OptionalId = Type.Union([Id, Type.Null()])
const OptionalText = Type.Union([Type.String(), Type.Null()], { examples: [null] })

export const ActorSchema = Type.Object(
  {
    user_id: Id,
    display_name: Type.String({ examples: ['김민수'], description: 'Empty once the account is closed' }),
    profile_image_url: OptionalText,
  },
  { $id: 'NotificationActor' },
)

export const NotificationSchema = Type.Object(
  {
    id: Id,
    kind: Type.Enum([...NOTE_KINDS]),
    text: Type.String({
      description: 'In the language of the caller',
      examples: ['민수님 외 2명이 내 메시지에 반응했어요'],
    }),
    actors: Type.Array(ActorSchema, { description: 'Whose doing it is, the latest first, three at most' }),
    actor_count: Type.Integer({ minimum: 0, description: 'How many they are in all' }),
    room_id: OptionalId,
    message_id: OptionalText,
    seq: OptionalId,
    link: Type.String({ description: 'Where it leads in the web client', examples: ['/rooms/1?at=42'] }),
    created_at: Time,
    updated_at: Type.String({ format: 'date-time', description: 'Of the latest that is told together here' }),
    read_at: Type.Union([Time, Type.Null()]),
  },
  { $id: 'Notification' },
)
export type NotificationView = Static<typeof NotificationSchema>

export const UnreadCount = Type.Integer({ minimum: 0, description: 'Of all notifications that were not read' })

const kindOf = (channels: readonly string[]) =>
  Type.Object(Object.fromEntries(channels.map((channel) => [channel, Type.Boolean()])), { additionalProperties: false })

const Kinds = Object.fromEntries(Object.entries(CHANNELS).map(([kind, channels]) => [kind, kindOf(channels)]))

const Clock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', examples: ['22:00'] })

export const QuietHoursSchema = Type.Object(
  { from: Clock, to: Clock, time_zone: Type.String({ minLength: 1, maxLength: 60, examples: ['Asia/Seoul'] }) },
  { $id: 'QuietHours', description: 'From (inclusive) to (exclusive), over midnight too; equal times: all day' },
)

const Digest = Type.Boolean({ description: 'Whether a mail tells what was missed, once a day at most' })
const MailLanguage = Type.Union([Type.Literal('ko'), Type.Literal('en'), Type.Null()], {
  description: 'Of mails; null: all that there are',
  examples: [null],
})

export const SettingsSchema = Type.Object(
  {
    kinds: Type.Object(Kinds, { description: 'By kind, which ways may be used' }),
    show_text: Type.Boolean({ description: 'Whether what a device is told holds the words of messages' }),
    sound: Type.Boolean(),
    quiet_hours: Type.Union([QuietHoursSchema, Type.Null()], { examples: [null] }),
    digest: Digest,
    language: MailLanguage,
  },
  { $id: 'NotificationSettings' },
)

/** What is left out stays as it is. */
export const SettingsChangeSchema = Type.Object(
  {
    kinds: Type.Optional(
      Type.Object(
        Object.fromEntries(Object.entries(Kinds).map(([kind, schema]) => [kind, Type.Optional(Type.Partial(schema))])),
        { additionalProperties: false },
      ),
    ),
    show_text: Type.Optional(Type.Boolean()),
    sound: Type.Optional(Type.Boolean()),
    quiet_hours: Type.Optional(Type.Union([QuietHoursSchema, Type.Null()])),
    digest: Type.Optional(Digest),
    language: Type.Optional(MailLanguage),
  },
  { additionalProperties: false },
)

export const SubscriptionSchema = Type.Object(
  {
    id: Id,
    device: Type.String({ description: 'Told by the browser', examples: ['Chrome, Android'] }),
    endpoint: Type.String({ examples: ['https://push.example.com/send/abc'] }),
    created_at: Time,
  },
  { $id: 'PushSubscription' },
)
