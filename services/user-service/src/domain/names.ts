import { hasNoVariants, isBlank, isOneWriting, isPlainText, withoutInvisible } from '@bigtech/kernel'
import { userErrors } from '../contract/errors.ts'

/** E-mail addresses are compared and stored trimmed, lower-cased and composed. */
export const normalizeEmail = (email: string): string => asBefore(email).normalize('NFC')

/** As addresses were stored before they were composed: there are accounts under such. */
export const asBefore = (email: string): string => email.trim().toLowerCase()

/** Composed form, so that a name typed on macOS (decomposed Hangul) is the same name. */
export const normalizeName = (name: string): string => name.trim().normalize('NFC')

/** Two usernames with one key are the same username. */
export const usernameKey = (username: string): string => normalizeName(username).toLowerCase()

/** Composed and lower-cased, for substring search. */
export const searchKey = (text: string): string => normalizeName(text).toLowerCase()

/** Blank optional text counts as absent. */
export function optionalText(text: string | null | undefined): string | null {
  const trimmed = text === null || text === undefined ? '' : normalizeName(text)
  return trimmed === '' ? null : trimmed
}

/** A password is hashed in composed form: the same keys pressed on another system must give the same bytes. */
export const normalizePassword = (password: string): string => password.normalize('NFC')

/** What a search looks for: nothing, where nothing is to be seen. */
export const queryKey = (text: string): string => searchKey(withoutInvisible(text))

/** The rules for new texts. Accounts that have others from before keep them. @throws TEXT_NOT_PLAIN, NAME_CONFUSABLE */
export function requirePlain(field: string, text: string | null): void {
  if (text !== null && (isBlank(text) || !isPlainText(text))) throw userErrors.TEXT_NOT_PLAIN({ field })
}

export function requireClear(field: 'username' | 'email', text: string): void {
  requirePlain(field, text)
  const parts = field === 'email' ? text.split(/[@.]/) : [text]
  if (!parts.every((part) => isOneWriting(part) && hasNoVariants(part))) throw userErrors.NAME_CONFUSABLE({ field })
}
