import { Type } from 'typebox'

const time = Type.String({ format: 'date-time' })

export const SessionItem = Type.Object({
  id: Type.String({ examples: ['0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10'] }),
  device: Type.Union([Type.String(), Type.Null()], {
    description: 'User-Agent of the sign-in',
    examples: ['Mozilla/5.0 (Macintosh)'],
  }),
  ip: Type.Union([Type.String(), Type.Null()], { description: 'address of the latest use', examples: ['203.0.113.7'] }),
  created_at: time,
  last_used_at: time,
  current: Type.Boolean({ description: 'true for the session of this request', examples: [true] }),
})

export const SessionParams = Type.Object({
  id: Type.String({ maxLength: 64, examples: ['0198c2aa-5b7c-7cc0-9a67-3f1b7f3d2a10'] }),
})
