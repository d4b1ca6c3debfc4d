import { Type } from 'typebox'
import { activityTypes } from '../../domain/activity.ts'

export const ActivitiesQuery = Type.Object({
  type: Type.Optional(
    Type.Unsafe<string>({ type: 'string', enum: activityTypes, description: 'one kind of activity only' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
})

export const ActivityItem = Type.Object({
  id: Type.Integer(),
  activity_type: Type.String({ examples: ['user_login'] }),
  description: Type.String({ examples: ['로그인'] }),
  data: Type.Record(Type.String(), Type.Unknown()),
  created_at: Type.String({ format: 'date-time' }),
})
