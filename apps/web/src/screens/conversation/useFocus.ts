import { onBeforeUnmount, onMounted, watch } from 'vue'
import { client } from '../../app/client.ts'

/** While the page is seen, the server knows which room it shows: of what is looked at nobody is notified. */
export function useFocus(roomId: () => number): void {
  const tell = () => client.focus(document.visibilityState === 'visible' ? roomId() : null)
  onMounted(() => {
    document.addEventListener('visibilitychange', tell)
    tell()
  })
  watch(roomId, tell)
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', tell)
    client.focus(null)
  })
}
