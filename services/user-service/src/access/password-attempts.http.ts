import { commonErrors, createGrowingDelay, enforce, networkOf, type RateLimiter } from '@bigtech/http'
import { AppError, type Clock } from '@bigtech/kernel'
import type { FastifyReply } from 'fastify'
import type { SessionId, UserId } from '../contract/ids.ts'
import { normalizeEmail, usernameKey } from '../domain/names.ts'
import type { User } from '../domain/user.ts'
import type { UserStore } from '../ports.ts'
import { pseudonym } from './secrets.ts'
import { findByTypedEmail } from './typed-email.ts'

/** The limits on guessing passwords; docs/adr/0024 says why they are these. */
export type AttemptLimits = Readonly<{
  /** Failed attempts per account and address. */
  attempts: RateLimiter
  /** Failed attempts, and mails asked for, per address over all accounts. */
  addressAttempts: RateLimiter
  /** Attempts at an account from everywhere before each further one makes the next wait. */
  freeAttempts: number
}>

/** Whose password is tried, and from where. */
export type Attempt = Readonly<{
  account: AccountKey
  /** the caller's address */
  ip: string
  /** of a caller who is signed in */
  session?: SessionId
}>

/** An account as limits know it: one key, however it is spelled and whether it exists or not. */
export type AccountKey = Readonly<{ key: string; user: User | undefined }>

/** A mail with which somebody proves who they are. */
export type MailOf = 'reset' | 'confirmation'

export type PasswordAttempts = Readonly<{
  find(account: string): Promise<AccountKey>
  ofUser(id: UserId): AccountKey
  /**
   * Counts an attempt and does the work that checks the password. A wrong password stays counted, a right one clears what was counted,
   * any other failure takes the attempt back.
   * @throws RATE_LIMITED, and what the work throws
   */
  check<T>(attempt: Attempt, reply: FastifyReply, work: () => Promise<T>): Promise<T>
  /**
   * Counts a mail that is asked for: of each kind apart, so that nobody uses up the other for somebody.
   * @returns false when the account had one just now: nothing is to be sent, and the caller is not told
   * @throws RATE_LIMITED for the address
   */
  mail(of: MailOf, attempt: Attempt, reply: FastifyReply): Promise<boolean>
  /** The owner has proved who they are by mail. */
  forgive(id: UserId, ip: string): Promise<void>
}>

/** An attacker with any number of addresses gets the free attempts, and in the end one in 5 minutes. */
const GUESSES = { firstS: 1, maxS: 5 * 60, forgetS: 24 * 3_600 }
/** A link lives an hour, so that there is always a good one in the mailbox. */
const MAILS = { free: 3, firstS: 60, maxS: 15 * 60, forgetS: 24 * 3_600 }

const WRONG = new Set(['CREDENTIALS_INVALID', 'PASSWORD_WRONG'])

export function createPasswordAttempts(
  ports: AttemptLimits & { store: UserStore; clock: Clock; onLimited: () => void },
): PasswordAttempts {
  const { attempts, addressAttempts, store, clock, onLimited } = ports
  const now = () => clock.now()
  const guesses = createGrowingDelay({ ...GUESSES, free: ports.freeAttempts, now })
  const mails = createGrowingDelay({ ...MAILS, now })

  const ofUser = (id: UserId): AccountKey => ({ key: `id:${id}`, user: undefined })

  /** Places the owner is known at wait for their own failures only, all others together. */
  async function potOf({ account, ip, session }: Attempt): Promise<string> {
    if (session !== undefined) return `${account.key}@${session}`
    const network = networkOf(ip)
    // An account that is none is looked up all the same: how long this takes does not tell.
    const known = await store.sessions.addressesOf(account.user?.id ?? 0)
    return known.some((address) => networkOf(address) === network) ? `${account.key}@${network}` : account.key
  }

  function refuse(seconds: number): never {
    onLimited()
    throw commonErrors.RATE_LIMITED({ params: { seconds }, retryAfterS: seconds })
  }

  return {
    ofUser,
    async find(account) {
      const email = account.includes('@')
      const name = email ? normalizeEmail(account) : usernameKey(account)
      const user = await (email ? findByTypedEmail(store.users, account) : store.users.findByUsernameKey(name))
      return user ? { ...ofUser(user.id), user } : { key: `name:${pseudonym(name)}`, user }
    },
    async check(attempt, reply, work) {
      const network = networkOf(attempt.ip)
      const pot = await potOf(attempt)
      const budgetKey = `login:${attempt.account.key}:${network}`
      // Failures are counted when they are known: beyond the limit come at most those the queue of password checks holds.
      const ofAddress = await addressAttempts.peek(`login:${network}`)
      if (!ofAddress.allowed) refuse(ofAddress.resetS)
      const budget = await attempts.consume(budgetKey)
      if (!budget.allowed) onLimited()
      enforce(budget, reply)
      const waitS = guesses.attempt(pot)
      if (waitS > 0) refuse(waitS)
      try {
        const result = await work()
        await attempts.reset(budgetKey)
        guesses.forget(pot)
        return result
      } catch (error) {
        if (error instanceof AppError && WRONG.has(error.code)) await addressAttempts.consume(`login:${network}`)
        else {
          await attempts.giveBack(budgetKey)
          guesses.giveBack(pot)
        }
        throw error
      }
    },
    async mail(of, { account, ip }, reply) {
      const network = networkOf(ip)
      const ofAddress = await addressAttempts.consume(`mail:${network}`)
      if (!ofAddress.allowed) enforce(ofAddress, reply)
      enforce(await attempts.consume(`mail:${of}:${account.key}:${network}`), reply)
      return mails.attempt(`${of}:${account.key}`) === 0
    },
    async forgive(id, ip) {
      const { key } = ofUser(id)
      const network = networkOf(ip)
      for (const pot of [key, `${key}@${network}`]) guesses.forget(pot)
      mails.forget(`reset:${key}`)
      await attempts.reset(`login:${key}:${network}`)
    },
  }
}
