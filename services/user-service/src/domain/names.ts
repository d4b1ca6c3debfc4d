/** E-mail addresses are compared and stored trimmed and lower-cased. */
export const normalizeEmail = (email: string): string => email.trim().toLowerCase()

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
