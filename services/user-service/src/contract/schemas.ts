import { Type, type Static, type TSchema } from 'typebox'

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const time = (description: string) => Type.String({ format: 'date-time', description })
const UserIdSchema = Type.Integer({ minimum: 1, examples: [7] })

/** What anybody signed in may see of a user. */
export const PublicProfile = Type.Object(
  {
    id: UserIdSchema,
    username: Type.String({ examples: ['testuser'] }),
    display_name: Type.String({ examples: ['테스트 유저'] }),
    status_message: nullable(Type.String({ examples: ['오늘도 화이팅'] })),
    profile_image_url: nullable(Type.String({ examples: ['/api/users/7/image?v=0198c2'] })),
    status: Type.Union([
      Type.Literal('active'),
      Type.Literal('inactive'),
      Type.Literal('closing'),
      Type.Literal('closed'),
    ]),
  },
  { $id: 'PublicProfile', additionalProperties: false },
)
export type PublicProfile = Static<typeof PublicProfile>

/** What users see of themselves, and administrators of anybody. */
export const OwnProfile = Type.Object(
  {
    id: UserIdSchema,
    email: nullable(Type.String({ examples: ['test@example.com'] })),
    email_verified: Type.Boolean({ description: "whether the address is known to be its owner's" }),
    username: Type.String({ examples: ['testuser'] }),
    display_name: Type.String({ examples: ['테스트 유저'] }),
    status_message: nullable(Type.String({ examples: ['오늘도 화이팅'] })),
    profile_image_url: nullable(Type.String({ examples: ['/api/users/7/image?v=0198c2'] })),
    age: nullable(Type.Integer({ examples: [30] })),
    phone: nullable(Type.String({ examples: ['010-1234-5678'] })),
    status: PublicProfile.properties.status,
    role: Type.Union([Type.Literal('user'), Type.Literal('admin')]),
    login_count: Type.Integer(),
    last_login_at: nullable(time('time of the latest sign-in')),
    created_at: time('time of registration'),
    updated_at: time('time of the latest change of the account'),
  },
  { $id: 'OwnProfile', additionalProperties: false },
)
export type OwnProfile = Static<typeof OwnProfile>
