import { createHash, createHmac, randomBytes } from 'node:crypto'

/** A refresh or reset token: 256 random bits, given out once and never stored. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is stored of a secret. Plain SHA-256 is enough, because nobody can guess 256 bits. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/**
 * The refresh token that follows `token`: whoever has `token` and the salt kept beside it can work it out again, and nobody else can.
 * So an answer that was lost is given again, although no token is stored.
 */
export const successorOf = (token: string, salt: string): string =>
  createHmac('sha256', token).update(salt).digest('base64url')

/** Stands for an account in logs and rate limit keys without telling the address. */
export const pseudonym = (text: string): string => hashSecret(text.normalize('NFC').trim().toLowerCase()).slice(0, 16)
