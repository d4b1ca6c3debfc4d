import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createSqliteChatStore } from '@bigtech/chat-service/adapters'
import { openFriendDatabase } from '@bigtech/friend-service/adapters'
import { TOKEN_AUDIENCE, TOKEN_ISSUER } from '@bigtech/http'
import { newId } from '@bigtech/kernel'
import { openSqlite } from '@bigtech/sql'
import {
  createAccessTokens,
  createArgon2Hasher,
  createFileSigningKeys,
  openUserDatabase,
} from '@bigtech/user-service/adapters'
import { UserRegistered } from '@bigtech/user-service/contract'

export type Account = { id: number; token: string }

export const PASSWORD = 'Bench1234!'
export const emailOf = (index: number): string => `bench${index}@example.com`

/** Longer than any run: a benchmark does not measure the renewal of tokens. */
const TOKEN_LIFE_S = 86_400

/**
 * Registers and signs in `count` people in the data folder of a stopped server, through user-service's own store but in one
 * transaction and with one hash of the password they share: 20,000 in a few seconds, where the API needs 3 minutes of argon2. The
 * copies that friend-service and chat-service keep are written beside, and the events are marked as published.
 */
export async function createAccounts(folder: string, count: number): Promise<Account[]> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const tokens = createAccessTokens(await createFileSigningKeys(join(folder, 'keys')), {
    issuer: TOKEN_ISSUER,
    audience: TOKEN_AUDIENCE,
    lifeS: TOKEN_LIFE_S,
  })
  const passwordHash = await createArgon2Hasher().hash(PASSWORD)
  const now = Date.now()
  const session = { device: 'bench', ip: '127.0.0.1', created_at: now, last_used_at: now }
  const expires_at = now + TOKEN_LIFE_S * 1_000
  const users = await openUserDatabase(join(folder, 'user.db'))
  const accounts: Account[] = []
  await users.store.transaction(async (tx) => {
    for (let i = 0; i < count; i++) {
      const person = { email: emailOf(i), username: `bench${i}`, display_name: `벤치 ${i}` }
      const id = await tx.users.create({ ...NEW_USER, ...person, created_at: now, updated_at: now }, (user_id) => [
        registered(user_id, person, now),
      ])
      const session_id = newId()
      await tx.credentials.set(id, passwordHash, now)
      // Nobody renews: the hash of a refresh token that there is not.
      await tx.sessions.create({ id: session_id, user_id: id, ...session, expires_at }, randomBytes(32).toString('hex'))
      accounts.push({ id, token: tokens.issue({ user_id: id, session_id, role: NEW_USER.role }).token })
    }
  })
  await users.close()
  await copyProfiles(folder)
  return accounts
}

const NEW_USER = {
  status_message: null,
  email_confirmed_at: null,
  image_key: null,
  age: null,
  phone: null,
  status: 'active',
  role: 'user',
  login_count: 0,
  last_login_at: null,
  saga_id: null,
} as const

type Person = { email: string; username: string; display_name: string }

function registered(user_id: number, person: Person, at: number) {
  const { status_message, age, phone, status, role } = NEW_USER
  const profile = { ...person, user_id, status_message, profile_image_url: null, status }
  return {
    event: { type: 'UserRegistered', data: { ...person, age, phone, role } },
    at,
    record: UserRegistered.make(profile, { now: at }),
  } as const
}

/** What the consumers of `UserRegistered` would have written. */
async function copyProfiles(folder: string): Promise<void> {
  await (await openFriendDatabase(join(folder, 'friend.db'))).close()
  await (await createSqliteChatStore(join(folder, 'chat.db'))).close()
  const db = openSqlite(join(folder, 'user.db'))
  db.exec('DELETE FROM outbox')
  db.prepare('ATTACH ? AS friend').run(join(folder, 'friend.db'))
  db.prepare('ATTACH ? AS chat').run(join(folder, 'chat.db'))
  db.exec(`
    INSERT INTO friend.profiles (user_id, username, display_name, active)
      SELECT id, username, display_name, 1 FROM users WHERE id NOT IN (SELECT user_id FROM friend.profiles);
    INSERT INTO chat.profiles (user_id, username, display_name, active)
      SELECT id, username, display_name, 1 FROM users WHERE id NOT IN (SELECT user_id FROM chat.profiles);
  `)
  db.close()
}
