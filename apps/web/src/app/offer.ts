import { ref } from 'vue'
import { device } from './device.ts'
import { onMissed } from './notifications.ts'
import { settings } from './settings.ts'

/** Whether the page offers to turn notifications on: after the first message that came while nobody saw it. */
export const offered = ref(false)

const DAY_MS = 86_400_000
/** Who said “later” is left alone for so long. */
const LATER_MS = 14 * DAY_MS

onMissed(() => {
  const isDue = Date.now() - (settings.noticesDeclinedAt ?? 0) > LATER_MS
  if (device.state === 'off' && isDue) offered.value = true
})

export function declineOffer(): void {
  offered.value = false
  settings.noticesDeclinedAt = Date.now()
}
