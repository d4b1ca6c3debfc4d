import { onMounted, ref, shallowRef, watch } from 'vue'
import { careProblem, noticeRefusal } from '../../app/care.ts'
import { settings } from '../../app/settings.ts'

/** What a page shows, asked for when it opens and in another language again. The answer to an earlier question does not replace a later one. */
export function useLoaded<T>(ask: () => Promise<T>) {
  const value = shallowRef<T>()
  const problem = ref('')
  let latest = 0

  async function load(): Promise<void> {
    const mine = ++latest
    try {
      const answer = await ask()
      if (mine !== latest) return
      value.value = answer
      problem.value = ''
    } catch (error) {
      if (mine !== latest) return
      noticeRefusal(error)
      problem.value = careProblem(error)
    }
  }
  onMounted(load)
  watch(() => settings.language, load)
  return { value, problem, load }
}
