import { principalOf } from '@bigtech/http'
import type { FastifyRequest } from 'fastify'
import type { Reader } from './senior.ts'

export const readerOf = (request: FastifyRequest): Reader => ({
  user_id: principalOf(request).user_id,
  authorization: request.headers.authorization ?? '',
})
