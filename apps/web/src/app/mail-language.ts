import { watch } from 'vue'
import { client } from './client.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'

/** Whoever chooses a language for the page gets mails in it too. */
let untold: 'ko' | 'en' | undefined

function tell(): void {
  if (untold === undefined || session.status !== 'in') return
  const language = untold
  untold = undefined
  // Mails in both languages are no fault anybody need hear of.
  client.notifications.changeSettings({ language }).catch(() => {})
}

watch(
  () => settings.language,
  (language) => {
    untold = language
    tell()
  },
)
// A language that was chosen on the way in is told once it is known who chose it.
watch(() => session.status, tell)
