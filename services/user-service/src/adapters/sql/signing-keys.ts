import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  generateKeyPair,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { promisify } from 'node:util'
import { newId, systemClock, type Clock } from '@bigtech/kernel'
import { isUniqueViolation } from '@bigtech/sql'
import type { Kysely } from 'kysely'
import type { SigningKeys } from '../../ports.ts'

/** What the schema of user-service has for this. `sealed` is the private key under SIGNING_KEY_SECRET; null once it is retired. */
export type SigningKeyTables = {
  signing_keys: { generation: number; kid: string; public_key: string; sealed: string | null; active_from: number }
}

/** Creates `signing_keys`; call it in a migration. */
export async function createSigningKeysTable<S>(db: Kysely<S>): Promise<void> {
  await db.schema
    .createTable('signing_keys')
    .ifNotExists()
    .addColumn('generation', 'integer', (column) => column.primaryKey())
    .addColumn('kid', 'varchar(36)', (column) => column.notNull().unique())
    .addColumn('public_key', 'varchar(500)', (column) => column.notNull())
    .addColumn('sealed', 'varchar(1000)')
    .addColumn('active_from', 'bigint', (column) => column.notNull())
    .execute()
}

export type SharedSigningKeys = SigningKeys &
  Readonly<{
    /** Reads what other processes have done, and retires what is no longer used; to be called every few seconds. */
    refresh(): Promise<void>
  }>

/** The keys in the database were made with another SIGNING_KEY_SECRET. */
export class WrongKeySecret extends Error {}

type Key = Readonly<{
  generation: number
  kid: string
  publicKey: KeyObject
  pem: string | undefined
  activeFrom: number
}>

/** A new key is published this long before it signs, so that everybody who verifies tokens has it by then. */
const PUBLISHED_BEFORE_MS = 60_000
/** A key that signs no more verifies this long: the longest life of an access token is 15 minutes. */
const VERIFIES_MS = 24 * 3_600_000

/**
 * Signing keys that all processes of user-service share, in its database: private halves encrypted (AES-256-GCM), so that a copy of the database signs
 * nothing. The first process makes the first key. A rotation publishes the next one at once; it signs from a minute later on, in all
 * processes, and the private half of the one before is then deleted.
 * @param options.secret at least 32 characters, the same for all processes
 * @throws WrongKeySecret
 */
export async function createSqlSigningKeys<S extends SigningKeyTables>(
  database: Kysely<S>,
  { secret, clock = systemClock }: { secret: string; clock?: Clock },
): Promise<SharedSigningKeys> {
  // A service's schema contains the table; Kysely's types cannot say "at least".
  const db = database as unknown as Kysely<SigningKeyTables>
  const box = createBox(secret)
  /** By generation, ascending. */
  let keys: Key[] = []

  const load = async () => {
    const rows = await db.selectFrom('signing_keys').selectAll().orderBy('generation').execute()
    keys = rows.map(({ generation, kid, public_key, sealed, active_from }) => ({
      generation,
      kid,
      publicKey: createPublicKey(public_key),
      pem: sealed === null ? undefined : box.open(sealed, kid),
      activeFrom: active_from,
    }))
  }
  const signing = (): Key => {
    const now = clock.now()
    const usable = keys.filter(({ pem }) => pem !== undefined)
    return usable.findLast(({ activeFrom }) => activeFrom <= now) ?? usable[0]!
  }
  /** @returns false when another process has made that generation meanwhile */
  const add = async (generation: number, activeFrom: number): Promise<boolean> => {
    const { privateKey, publicKey } = await promisify(generateKeyPair)('ed25519')
    const kid = newId()
    const row = {
      generation,
      kid,
      public_key: publicKey.export({ type: 'spki', format: 'pem' }) as string,
      sealed: box.seal(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, kid),
      active_from: activeFrom,
    }
    try {
      await db.insertInto('signing_keys').values(row).execute()
      return true
    } catch (error) {
      if (isUniqueViolation(error)) return false
      throw error
    }
  }

  await load()
  if (keys.length === 0) {
    await add(1, clock.now())
    await load()
  }

  return {
    current() {
      const { kid, pem } = signing()
      return { kid, privateKeyPem: pem! }
    },
    jwks: () => ({
      keys: keys
        .toReversed()
        .map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'EdDSA' })),
    }),
    async rotate() {
      await load()
      await add(keys.at(-1)!.generation + 1, clock.now() + PUBLISHED_BEFORE_MS)
      await load()
    },
    async refresh() {
      await load()
      const { generation, activeFrom } = signing()
      // Another process may still sign with the one before for as long as it has not refreshed.
      if (activeFrom > clock.now() - PUBLISHED_BEFORE_MS || keys[0]!.generation === generation) return
      const old = db.updateTable('signing_keys').where('generation', '<', generation)
      await old.set({ sealed: null }).where('sealed', 'is not', null).execute()
      if (activeFrom < clock.now() - VERIFIES_MS)
        await db.deleteFrom('signing_keys').where('generation', '<', generation).execute()
      await load()
    },
  }
}

function createBox(secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'signing keys of access tokens', 32))
  return {
    seal(text: string, kid: string): string {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(kid))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed: string, kid: string): string {
      const bytes = Buffer.from(sealed, 'base64')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(kid))
        decipher.setAuthTag(bytes.subarray(12, 28))
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new WrongKeySecret(
          'The signing keys in the database cannot be opened: SIGNING_KEY_SECRET is not the one that they were made with.',
          { cause },
        )
      }
    },
  }
}
