/**
 * Drivers: libraries that talk to a database, broker, file store or another machine, or that bring native code. They are imported
 * in a service's `adapters/` (and `migrations/`) and in the plumbing packages named here; nowhere else.
 */
type Driver = Readonly<{
  /** A package name, or a scope ending in `/`. */
  name: string
  /** The plumbing packages that may import it. */
  packages: readonly string[]
  /** True: only by `import()` (types apart), so that the embedded profile never loads it. */
  lazy: boolean
}>

export const DRIVERS: readonly Driver[] = [
  { name: 'node:sqlite', packages: ['@bigtech/sql', '@bigtech/messaging'], lazy: false },
  { name: 'kysely', packages: ['@bigtech/sql', '@bigtech/messaging', '@bigtech/service'], lazy: false },
  { name: 'mysql2', packages: ['@bigtech/sql'], lazy: true },
  { name: 'pg', packages: ['@bigtech/sql'], lazy: true },
  { name: 'mongodb', packages: [], lazy: true },
  { name: 'ioredis', packages: ['@bigtech/redis'], lazy: true },
  { name: '@platformatic/kafka', packages: ['@bigtech/messaging'], lazy: true },
  { name: '@aws-sdk/', packages: ['@bigtech/files'], lazy: true },
  { name: '@duckdb/', packages: [], lazy: true },
  { name: '@node-rs/argon2', packages: [], lazy: false },
  { name: 'sharp', packages: ['@bigtech/files'], lazy: true },
  { name: 'nodemailer', packages: ['@bigtech/mail'], lazy: true },
  { name: 'mediabunny', packages: ['@bigtech/audio'], lazy: true },
  { name: 'opus-decoder', packages: ['@bigtech/audio'], lazy: true },
  { name: '@napi-rs/whisper', packages: ['@bigtech/audio'], lazy: true },
  { name: 'web-push', packages: [], lazy: true },
  { name: 'ws', packages: ['@bigtech/realtime', '@bigtech/client'], lazy: false },
  { name: 'undici', packages: ['@bigtech/resilience'], lazy: false },
  { name: '@opentelemetry/sdk-node', packages: ['@bigtech/telemetry'], lazy: true },
  { name: '@opentelemetry/exporter-trace-otlp-http', packages: ['@bigtech/telemetry'], lazy: true },
  { name: '@fastify/otel', packages: ['@bigtech/telemetry'], lazy: true },
]

export const driverOf = (name: string): Driver | undefined =>
  DRIVERS.find((driver) => (driver.name.endsWith('/') ? name.startsWith(driver.name) : name === driver.name))

/** Serving HTTP: in a service only `*.http.ts`, `*.ws.ts`, `*.consumer.ts` and `module.ts`. */
export const isHttpRuntime = (name: string): boolean =>
  name === 'fastify' || name.startsWith('@fastify/') || name === '@bigtech/http'

/** Plumbing over storage: for adapters. */
export const STORAGE_PLUMBING = '@bigtech/sql'

/** Node modules that neither read nor change anything outside: all that pure code may use. */
export const PURE_BUILTINS: readonly string[] = ['node:assert', 'node:assert/strict', 'node:buffer', 'node:util']
