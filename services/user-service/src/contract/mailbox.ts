import { Type, type Static } from 'typebox'

/** What the service that sends mails is told of an account. */
export const MailboxSchema = Type.Object(
  {
    email: Type.String({ examples: ['minsu@example.com'] }),
    display_name: Type.String({ examples: ['김민수'] }),
    email_verified: Type.Boolean(),
    confirmation_token: Type.Union([Type.String(), Type.Null()], {
      examples: [null],
      description: 'Confirms the address within 24 hours; null when it is confirmed, or was not asked for',
    }),
  },
  { $id: 'Mailbox' },
)
export type Mailbox = Static<typeof MailboxSchema>
