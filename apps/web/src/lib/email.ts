const LABEL = /[\p{L}\p{M}\p{N}]([\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?/u.source
const EMAIL = new RegExp(`^[^\\s@]+@${LABEL}(\\.${LABEL})+$`, 'u')

/** Whether a new account can have this address; the server is stricter about what stands before the `@`. */
export const looksLikeEmail = (text: string): boolean => EMAIL.test(text.trim())
