import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { createSemaphore } from '@bigtech/kernel'
import { hash, verify } from '@node-rs/argon2'
import { userErrors } from '../../contract/errors.ts'
import { normalizePassword } from '../../domain/names.ts'
import type { PasswordHasher } from '../../ports.ts'

export type Argon2Options = Readonly<{
  /** KiB per hash; default 19 MiB, the OWASP recommendation for argon2id with t=2 */
  memoryKiB?: number
  passes?: number
  /** Hashes computed at the same time; default one per core */
  parallel?: number
  /** Calls that may wait for their turn */
  queue?: number
}>

const RETRY_AFTER_S = 2

/** argon2id on libuv's threads (the library's default algorithm), with a bounded queue before it. */
export function createArgon2Hasher(options: Argon2Options = {}): PasswordHasher {
  const { memoryKiB = 19 * 1024, passes = 2, parallel = availableParallelism(), queue = 200 } = options
  const cost = { memoryCost: memoryKiB, timeCost: passes, parallelism: 1 }
  const turns = createSemaphore(parallel, {
    waiting: queue,
    refuse: () => userErrors.PASSWORD_CHECKS_BUSY({ retryAfterS: RETRY_AFTER_S }),
  })
  let decoy: Promise<string> | undefined
  const decoyHash = () => (decoy ??= hash(randomBytes(16), cost))
  return {
    hash: (password) => turns.run(() => hash(normalizePassword(password), cost)),
    verify: (password, known) =>
      turns.run(async () => {
        const right = await verify(known ?? (await decoyHash()), normalizePassword(password))
        return right && known !== undefined
      }),
    pending: turns.pending,
  }
}
