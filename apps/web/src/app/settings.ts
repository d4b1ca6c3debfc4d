import { firstLanguage } from '../lib/language.ts'
import { reactive, ref, watchEffect } from 'vue'

/** What this browser remembers of its user's wishes. */
export type Settings = {
  language: 'ko' | 'en'
  theme: 'system' | 'light' | 'dark'
  /** of text, in steps of the whole page */
  size: 'small' | 'normal' | 'large'
  senior: boolean
  /** Enter sends (else Ctrl+Enter does) */
  enterSends: boolean
  /** The account that is told in this browser of what is new. */
  noticesFor: number | null
  /** When its user last said that they do not want to be told, epoch ms. */
  noticesDeclinedAt: number | null
  /** The room the three big buttons of senior mode are about. */
  familyRoom: number | null
  /** The account whose care screens stand in the menu of this browser: they have used them. */
  careFor: number | null
}

const KEY = 'bigtech-chat:settings'
const DEFAULTS: Settings = {
  language: firstLanguage(navigator.languages),
  theme: 'system',
  size: 'normal',
  senior: false,
  enterSends: true,
  noticesFor: null,
  noticesDeclinedAt: null,
  familyRoom: null,
  careFor: null,
}

export const settings = reactive<Settings>({ ...DEFAULTS, ...stored() })

const systemIsDark = matchMedia('(prefers-color-scheme: dark)')

/** Keeps the page and the browser's memory as the settings, and the system's wishes, are. */
export function applySettings(): void {
  const system = ref(systemIsDark.matches)
  systemIsDark.addEventListener('change', ({ matches }) => (system.value = matches))
  watchEffect(() => {
    const { dataset } = document.documentElement
    dataset['theme'] = settings.theme === 'system' ? (system.value ? 'dark' : 'light') : settings.theme
    dataset['size'] = settings.senior ? 'senior' : settings.size
    document.documentElement.lang = settings.language
    localStorage.setItem(KEY, JSON.stringify(settings))
  })
}

function stored(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>
  } catch {
    return {}
  }
}
