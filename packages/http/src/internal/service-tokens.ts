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
 * @param options.secrets each of at least 32 characters; the first signs
 */
export function createServiceTokens(options: {
  service: string
  secrets: readonly string[]
  clock?: Clock
}): ServiceTokens {
  const { service, secrets, clock = systemClock } = options
  const sign = createSigner({ algorithm: 'HS256', key: secrets[0]! })
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

/**
 * @param options.service whose routes are guarded: tokens for others are not accepted
 * @param options.secrets tokens of each are accepted: so a secret can be changed while processes with the old one still run
 */
export function createServiceTokenVerifier(options: {
  service: string
  secrets: readonly string[]
  clock?: Clock
}): ServiceTokenVerifier {
  const { service, secrets, clock = systemClock } = options
  const verifiers = secrets.map((key) =>
    createVerifier({
      key,
      algorithms: ['HS256'],
      allowedIss: ISSUER,
      allowedAud: service,
      requiredClaims: ['aud', 'sub', 'exp'],
      // Times are judged below, by a clock that tests can set.
      ignoreExpiration: true,
    }),
  )
  const claims = (token: string): { sub: string; exp: number } | undefined => {
    for (const verify of verifiers)
      try {
        return verify(token) as { sub: string; exp: number }
      } catch {
        // Signed with another of the secrets, or wrong in a way that helps only who guesses.
      }
    return undefined
  }
  return {
    verify(authorization) {
      const [scheme, token] = authorization?.split(' ', 2) ?? []
      if (scheme?.toLowerCase() !== 'bearer' || !token) throw commonErrors.NOT_AUTHENTICATED()
      const found = claims(token)
      if (!found) throw commonErrors.TOKEN_INVALID()
      if (found.exp * 1_000 <= clock.now()) throw commonErrors.TOKEN_EXPIRED()
      return { service: found.sub }
    },
  }
}
