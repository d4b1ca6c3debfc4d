import { Type, type Static, type TSchema } from 'typebox'

/** Input fields shared by several operations, with the texts of the source documents. */

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** Text without control characters (line breaks are allowed in none of these fields). */
const plain = '^[^\\p{Cc}]*$'

const LOCAL = '[^\\s\\p{Cc}@<>(),;:"\\\\\\[\\]]'
const LOCAL_ATOM = LOCAL.replace('^', '^.')
const ANY_LABEL = '[^\\s\\p{Cc}@.,<>]+'
/** Letters and digits of any script, and hyphens between them (RFC 1035, as IDNA extends it). */
const LABEL = '[\\p{L}\\p{M}\\p{N}]([\\p{L}\\p{M}\\p{N}\\-]{0,61}[\\p{L}\\p{M}\\p{N}])?'
const emailField = (local: string, label: string) =>
  Type.String({
    maxLength: 254,
    pattern: `^\\s*${local}@${label}(\\.${label})+\\s*$`,
    description: 'E-mail address; compared without regard to case and surrounding spaces',
    examples: ['test@example.com'],
    'x-error': { ko: '올바른 이메일 주소를 입력해 주세요', en: 'must be a valid e-mail address' },
  })

/** Of a new account: dots stand between something (RFC 5322, dot-atom). */
export const EmailField = emailField(`${LOCAL_ATOM}+(\\.${LOCAL_ATOM}+)*`, LABEL)
/** Of one that may be there: accounts from before have dots anywhere, and anything in their domain. */
export const KnownEmailField = emailField(`${LOCAL}+`, ANY_LABEL)

export const UsernameField = Type.String({
  minLength: 3,
  maxLength: 20,
  pattern: '^[\\p{L}\\p{M}\\p{N}_.\\-]+$',
  description: 'Letters of any script, digits and _ . -; unique without regard to case',
  examples: ['testuser'],
  'x-error': {
    ko: '사용자 이름은 3-20자의 글자, 숫자, _ . - 만 사용할 수 있습니다',
    en: 'must have 3 to 20 letters, digits or _ . -',
  },
})

/** Two limits with a text each; `minLength` and `maxLength` would share one. */
export const NewPasswordField = Type.Unsafe<string>({
  type: 'string',
  format: 'password',
  description: '8 to 128 characters',
  examples: ['Test1234!@'],
  allOf: [
    {
      minLength: 8,
      'x-error': { ko: '비밀번호는 8자 이상이어야 합니다', en: 'the password must have at least 8 characters' },
    },
    {
      maxLength: 128,
      'x-error': { ko: '비밀번호는 128자 이하여야 합니다', en: 'the password must have at most 128 characters' },
    },
  ],
})

/** A password to be checked, not set: any text of bounded size. */
export const PasswordField = Type.String({
  minLength: 1,
  maxLength: 1024,
  format: 'password',
  examples: ['Test1234!@'],
})

export const DisplayNameField = nullable(Type.String({ maxLength: 100, pattern: plain, examples: ['테스트 유저'] }))
export const StatusMessageField = nullable(Type.String({ maxLength: 200, pattern: plain, examples: ['오늘도 화이팅'] }))
export const AgeField = nullable(
  Type.Integer({
    minimum: 0,
    maximum: 150,
    examples: [30],
    'x-error': { ko: '나이는 0-150 사이여야 합니다', en: 'the age must be between 0 and 150' },
  }),
)
export const PhoneField = nullable(
  Type.String({
    maxLength: 20,
    pattern: '^[0-9+() .\\-]*$',
    examples: ['010-1234-5678'],
    'x-error': { ko: '올바른 전화번호를 입력해 주세요', en: 'must be a valid phone number' },
  }),
)

export const UserIdParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, examples: [7] }),
})

/** `1,2,3`, at most as long as 100 ids can be and some more, so that too many get their own answer. */
export const UserIdList = Type.String({
  pattern: '^([1-9]\\d{0,15}(,[1-9]\\d{0,15})*)?$',
  maxLength: 4_000,
  description: 'Up to 100 user ids, separated by commas',
  examples: ['1,2,3'],
  'x-error': {
    ko: '사용자 번호를 쉼표로 구분해 주세요 (예: 1,2,3)',
    en: 'must be user ids separated by commas: 1,2,3',
  },
})

export const MAX_USER_IDS = 100

/** A reference to a schema that module.ts registers by its $id, typed as the schema itself. */
export const refTo = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T>>(Type.Ref((schema as T & { $id: string }).$id))

export const TokenPair = Type.Object(
  {
    access_token: Type.String({
      description: 'JWT (EdDSA), for the Authorization header',
      examples: ['eyJhbGciOiJFZERTQSJ9…'],
    }),
    refresh_token: Type.Optional(
      Type.String({
        description: 'Opaque; each can be used once, at /auth/refresh. Not there when it went into a cookie',
        examples: ['p3v1…'],
      }),
    ),
    token_type: Type.Literal('bearer'),
    expires_in: Type.Integer({ description: 'seconds until the access token expires', examples: [900] }),
  },
  { $id: 'TokenPair' },
)
export type TokenPair = Static<typeof TokenPair>
/** As it is made, before a cookie may take the refresh token. */
export type IssuedPair = TokenPair & { refresh_token: string }
