import type { Page } from '@bigtech/client'
import { ref } from 'vue'
import { attempt } from '../../app/errors.ts'
import { useLoaded } from './useLoaded.ts'

/** A list that is longer than one page: the first when it opens, the next when asked for. */
export function usePages<T>(page: (cursor?: string) => Promise<Page<T>>) {
  const loaded = useLoaded(() => page())
  const busy = ref(false)

  async function more(): Promise<void> {
    const before = loaded.value.value
    if (!before?.next_cursor || busy.value) return
    busy.value = true
    const next = await attempt(() => page(before.next_cursor!))
    busy.value = false
    // Not if another list was asked for meanwhile.
    if (next && loaded.value.value === before) loaded.value.value = { ...next, items: [...before.items, ...next.items] }
  }
  return { ...loaded, busy, more }
}
