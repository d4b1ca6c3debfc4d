import { commonErrors, languageOf } from '@bigtech/http'
import type { AppError } from '@bigtech/kernel'
import { parseCookie, stringifySetCookie } from 'cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { userErrors } from '../contract/errors.ts'
import type { IssuedPair, TokenPair } from '../contract/fields.ts'

/**
 * A page asks with this header to have its refresh token kept in a cookie that its scripts cannot read. No form and no page of
 * another origin can set the header unasked (CORS_ORIGINS), so that with SameSite=Strict nobody else makes a browser refresh or sign in.
 */
const TRANSPORT_HEADER = 'x-token-transport'
const NAME = 'bigtech_refresh'
/** Where the gateway has the endpoints that read it. */
const PATH = '/api/auth'

const wantsCookie = (request: FastifyRequest): boolean => request.headers[TRANSPORT_HEADER] === 'cookie'

/** Answers with the pair, its refresh token in the cookie if the page asked for that. */
export function sendPair(request: FastifyRequest, reply: FastifyReply, pair: IssuedPair, lifeMs: number): FastifyReply {
  reply.header('cache-control', 'no-store')
  if (!wantsCookie(request)) return reply.send(pair)
  const { refresh_token, ...rest } = pair
  setCookie(request, reply, refresh_token, lifeMs / 1_000)
  return reply.send(rest satisfies TokenPair)
}

/**
 * The token of the cookie, when the request says that it is meant; null of a page whose browser has no cookie.
 * @throws REFRESH_TOKEN_INVALID
 */
export function cookieToken(request: FastifyRequest): string | null | undefined {
  if (!wantsCookie(request)) return undefined
  const token = parseCookie(request.headers.cookie ?? '')[NAME]
  if (!token) return null
  if (token.length > 200) throw userErrors.REFRESH_TOKEN_INVALID()
  return token
}

/** Takes the cookie away from whoever has one. */
export function clearCookie(request: FastifyRequest, reply: FastifyReply): void {
  if (request.headers.cookie?.includes(`${NAME}=`)) setCookie(request, reply, '', 0)
}

/** What is wrong with a refresh that brings no token in any way. */
export function missingToken(request: FastifyRequest): AppError {
  const message = languageOf(request.headers['accept-language']) === 'ko' ? '필수 항목입니다' : 'is required'
  return commonErrors.VALIDATION_FAILED({ errors: [{ field: 'refresh_token', message }] })
}

function setCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAge: number): void {
  reply.header(
    'set-cookie',
    stringifySetCookie({
      name: NAME,
      value,
      maxAge: Math.floor(maxAge),
      path: PATH,
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
    }),
  )
}
