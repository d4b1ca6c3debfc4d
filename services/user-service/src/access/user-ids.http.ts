import { commonErrors } from '@bigtech/http'
import { userErrors } from '../contract/errors.ts'
import type { UserId } from '../contract/ids.ts'
import { MAX_USER_IDS } from '../contract/fields.ts'

/** The ids of a `user_ids` parameter, each once. @throws TOO_MANY_USER_IDS, VALIDATION_FAILED for what is no id */
export function readUserIds(text: string): UserId[] {
  const ids = [...new Set(text.split(',').filter(Boolean).map(Number))]
  if (ids.length > MAX_USER_IDS) throw userErrors.TOO_MANY_USER_IDS({ params: { max: MAX_USER_IDS } })
  if (!ids.every(Number.isSafeInteger))
    throw commonErrors.VALIDATION_FAILED({ errors: [{ field: 'user_ids', message: `≤ ${Number.MAX_SAFE_INTEGER}` }] })
  return ids
}
