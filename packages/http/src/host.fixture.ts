import { generateKeyPairSync } from 'node:crypto'
import { createSigner } from 'fast-jwt'
import { openIdempotencyStore } from '@bigtech/sql'
import { createLogger, createMetrics } from '@bigtech/telemetry'
import { tempDir, type Cleanup } from '@bigtech/testkit'
import { join } from 'node:path'
import type { App } from './app.ts'
import { createHost, type HostOptions } from './host.ts'
import { createTokenVerifier, TOKEN_AUDIENCE, TOKEN_ISSUER, type Role } from './tokens.ts'

export type Line = Record<string, unknown>

/** Keys of a pretended user-service, and tokens signed with them. */
export function createTestTokens({ kid = 'k1' }: { kid?: string } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid }
  const sign = (
    claims: { sub?: number; sid?: string; role?: Role; expiresInMs?: number; iss?: string; aud?: string } = {},
  ) => {
    const {
      sub = 7,
      sid = 's1',
      role = 'user',
      expiresInMs = 60_000,
      iss = TOKEN_ISSUER,
      aud = TOKEN_AUDIENCE,
    } = claims
    return createSigner({ key, algorithm: 'EdDSA', kid, iss, aud, expiresIn: expiresInMs })({
      sub: String(sub),
      sid,
      role,
    })
  }
  const revoked = new Set<string>()
  const verifier = createTokenVerifier({
    jwks: async () => ({ keys: [jwk] }),
    isRevoked: (session) => revoked.has(session),
  })
  return { sign, verifier, revoked, jwk }
}

/** A host with a real idempotency store, its log lines, and tokens. `routes` come before the first request. */
export async function openHost(t: Cleanup, routes: (app: App) => void = () => {}, options: Partial<HostOptions> = {}) {
  const tokens = createTestTokens()
  const lines: Line[] = []
  const store = await openIdempotencyStore(join(tempDir(t), 'idempotency.db'))
  const app = await createHost({
    service: { name: 'test-service', title: 'Test Service', description: 'for tests' },
    logger: createLogger({
      level: 'info',
      destination: { write: (line) => void lines.push(JSON.parse(line) as Line) },
    }),
    metrics: createMetrics('test-service'),
    tokens: tokens.verifier,
    idempotency: store.storeFor('test-service'),
    readiness: {},
    corsOrigins: [],
    trustProxy: false,
    ...options,
  })
  t.after(async () => {
    await app.close()
    await store.close()
  })
  routes(app)
  return {
    app,
    lines,
    ...tokens,
    bearer: (claims?: Parameters<typeof tokens.sign>[0]) => `Bearer ${tokens.sign(claims)}`,
  }
}
