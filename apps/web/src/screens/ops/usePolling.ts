import { onScopeDispose, ref, shallowRef } from 'vue'
import { errorText } from '../../app/errors.ts'

/** Asks again and again while the screen is looked at. A failure is shown beside what was known before. */
export function usePolling<T>(ask: () => Promise<T>, everyMs: number) {
  const value = shallowRef<T>()
  const problem = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false

  async function refresh(): Promise<void> {
    clearTimeout(timer)
    try {
      if (document.visibilityState === 'visible' || value.value === undefined) {
        value.value = await ask()
        problem.value = ''
      }
    } catch (error) {
      problem.value = errorText(error)
    }
    if (!over) timer = setTimeout(() => void refresh(), everyMs)
  }
  onScopeDispose(() => {
    over = true
    clearTimeout(timer)
  })
  void refresh()
  return { value, problem, refresh }
}
