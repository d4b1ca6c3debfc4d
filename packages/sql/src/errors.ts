import { defineErrors } from '@bigtech/kernel'

export const storageErrors = defineErrors({
  STORAGE_UNAVAILABLE: {
    kind: 'unavailable',
    ko: '저장소를 사용할 수 없습니다. 잠시 후 다시 시도해 주세요',
    en: 'The storage cannot be used right now; nothing was saved. Try again shortly',
  },
  STORAGE_BUSY: {
    kind: 'unavailable',
    ko: '요청이 많아 잠시 처리할 수 없습니다',
    en: 'Too many writes are waiting; nothing was saved. Try again shortly',
  },
  STORAGE_UNCERTAIN: {
    kind: 'unavailable',
    ko: '저장되었는지 확인하지 못했습니다. 확인한 뒤 다시 시도해 주세요',
    en: 'The storage was lost before it said whether this was saved. Look before you try again',
  },
})

/** True for a broken UNIQUE or PRIMARY KEY constraint (any SQL dialect here). */
export function isUniqueViolation(error: unknown): boolean {
  const e = error as { errcode?: unknown; errno?: unknown; code?: unknown } | undefined
  return e?.errcode === 2067 || e?.errcode === 1555 || e?.errno === 1062 || e?.code === '23505'
}

/**
 * Which key a unique violation is about: the name of the key where the server tells it (MySQL, MariaDB, PostgreSQL), the columns where
 * it has no names for them (SQLite: `users.email`, several with `, ` between them).
 */
export function violatedKey(error: unknown): string | undefined {
  if (!isUniqueViolation(error)) return undefined
  const { constraint, message = '' } = error as { constraint?: string; message?: string }
  if (constraint !== undefined) return constraint
  // The last one: what was to be stored stands before it and may hold anything. MySQL 8 puts the table before the name.
  const named = /for key '(?:[^'.]*\.)?([^'.]+)'$/.exec(message)?.[1]
  return named ?? /^UNIQUE constraint failed: (.+)$/.exec(message)?.[1]
}
