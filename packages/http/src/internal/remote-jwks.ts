import { AppError } from '@bigtech/kernel'
import { dependencyErrors, type HttpClient } from '@bigtech/resilience'
import type { JwkSet } from '../verification-keys.ts'

/**
 * The public keys of user-service, over HTTP, for the verifiers of other processes (`jwks` of createTokenVerifier, which keeps them). An answer
 * that is no key set is treated like none: whoever asks with a token that nobody could look at gets 503, never 401, which would sign them out.
 * @param userService its API @throws DEPENDENCY_UNAVAILABLE
 */
export function createRemoteJwks(userService: Pick<HttpClient, 'get'>): () => Promise<JwkSet> {
  return async () => {
    try {
      return await userService.get('/.well-known/jwks.json', { decode: keysOf })
    } catch (cause) {
      throw unavailable(cause)
    }
  }
}

function keysOf(body: unknown): JwkSet {
  const { keys } = body as Partial<JwkSet>
  if (!Array.isArray(keys) || keys.length === 0) throw new Error('user-service answered without keys')
  return { keys }
}

/** A call that others cannot make for their caller, whatever the reason, is one to be made again. */
export const unavailable = (cause: unknown): AppError =>
  cause instanceof AppError ? cause : dependencyErrors.DEPENDENCY_UNAVAILABLE({ cause, retryAfterS: 1 })
