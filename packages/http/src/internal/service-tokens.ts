import { createSigner, createVerifier } from 'fast-jwt'
import { systemClock, type Clock } from '@bigtech/kernel'
import { commonErrors } from '../common-errors.ts'

/** A token lives this long, s: long enough for clocks that differ a little, too short to be worth stealing. */
const LIFE_S = 60
/** A token is made anew when less of its life than this is left, ms. */
const RENEW_MS = 20_000
const ISSUER = 'bigtech-chat-services'

/** Who calls: the name of a service. */
export type ServiceCaller = Readonly<{ service: string }>

export type ServiceTokens = Readonly<{
  /** The `Authorization` header of a call from this service to another. */
  authorization(audience: string): string
}>

export type ServiceTokenVerifier = Readonly<{
  /** @throws NOT_AUTHENTICATED, TOKEN_INVALID (also for a token that is meant for another service) */
  verify(authorization: string | undefined): ServiceCaller
}>

/**
 * Services prove who they are with tokens of their own (HS256 over a secret that all of them have), never with a user's: what a
 * service does by itself has no user, and a user's token must not open what is for services.
 * @param options.secret at least 32 characters
 */
export function createServiceTokens(options: { service: string; secret: string; clock?: Clock }): ServiceTokens {
  const { service, secret, clock = systemClock } = options
  const sign = createSigner({ algorithm: 'HS256', key: secret })
  const made = new Map<string, { header: string; renewAt: number }>()
  return {
    authorization(audience) {
      const now = clock.now()
      const known = made.get(audience)
      if (known && known.renewAt > now) return known.header
      const iat = Math.floor(now / 1_000)
      const header = `Bearer ${sign({ iss: ISSUER, sub: service, aud: audience, iat, exp: iat + LIFE_S })}`
      made.set(audience, { header, renewAt: now + LIFE_S * 1_000 - RENEW_MS })
      return header
    },
  }
}

/** @param options.service whose routes are guarded: tokens for others are not accepted */
export function createServiceTokenVerifier(options: {
  service: string
  secret: string
  clock?: Clock
}): ServiceTokenVerifier {
  const { service, secret, clock = systemClock } = options
  const claims = createVerifier({
    key: secret,
    algorithms: ['HS256'],
    allowedIss: ISSUER,
    allowedAud: service,
    requiredClaims: ['aud', 'sub', 'exp'],
    // Times are judged below, by a clock that tests can set.
    ignoreExpiration: true,
  })
  return {
    verify(authorization) {
      const [scheme, token] = authorization?.split(' ', 2) ?? []
      if (scheme?.toLowerCase() !== 'bearer' || !token) throw commonErrors.NOT_AUTHENTICATED()
      let found: { sub: string; exp: number }
      try {
        found = claims(token) as typeof found
      } catch {
        // Which of its parts was wrong helps only who guesses.
        throw commonErrors.TOKEN_INVALID()
      }
      if (found.exp * 1_000 <= clock.now()) throw commonErrors.TOKEN_EXPIRED()
      return { service: found.sub }
    },
  }
}
