import { principalOf } from '@bigtech/http'
import { isoTime } from '@bigtech/kernel'
import { currentTraceparent } from '@bigtech/telemetry'
import type { FastifyRequest } from 'fastify'
import type { RequestView } from '../contract/schemas.ts'
import type { FriendRequest } from '../domain/pair.ts'
import type { Caller } from './people.ts'

export const callerOf = (request: FastifyRequest): Caller => ({
  user_id: principalOf(request).user_id,
  authorization: request.headers.authorization ?? '',
  traceparent: currentTraceparent(),
})

export const viewRequest = ({ id, from_user_id, to_user_id, status, created_at }: FriendRequest): RequestView => ({
  id,
  from_user_id,
  to_user_id,
  status,
  created_at: isoTime(created_at),
})
