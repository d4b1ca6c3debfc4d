import { reactive, watch } from 'vue'
import { session } from '../../app/session.ts'

/**
 * What is written on the pages of care and not handed in yet: who looks at another page meanwhile finds it as it is. It stays in the memory
 * of the page, as nothing of it is anybody's business, and is gone with the session: the next one may be somebody else's.
 */
const kept = new Map<string, object>()

export function written<T extends object>(page: string, blank: () => T): T {
  let found = kept.get(page)
  if (!found) kept.set(page, (found = reactive(blank())))
  return found as T
}

/** It was handed in. */
export const forget = (page: string): void => void kept.delete(page)

watch(
  () => session.status,
  (status) => status === 'out' && kept.clear(),
  { flush: 'sync' },
)
