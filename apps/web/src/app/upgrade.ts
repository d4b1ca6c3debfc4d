import { t } from '../i18n/index.ts'
import { toast } from './feedback.ts'

/** What this page was built as. */
const own = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.getAttribute('src')
const MARK = 'bigtech-chat:loaded-anew'
let wanted: string | undefined
let asking: Promise<void> | undefined

/**
 * A part of the page could not be loaded. After an upgrade of the server those of the earlier build are gone: the page is loaded anew, where
 * one wanted to go, and once for each build, so that it never goes on for ever. When it is the network that fails, nothing is to be lost.
 */
export function partMissing(path?: string): void {
  wanted = path ?? wanted
  asking ??= upgradeOrTell().finally(() => (asking = undefined))
}

async function upgradeOrTell(): Promise<void> {
  const page = await pageOfNow()
  if (own && page !== undefined && !page.includes(own) && isFirstTime(own)) location.assign(wanted ?? location.href)
  else toast('error', t('error.network'))
}

const pageOfNow = (): Promise<string | undefined> =>
  fetch('/', { headers: { accept: 'text/html' }, cache: 'no-store' })
    .then((answer) => (answer.ok ? answer.text() : undefined))
    .catch(() => undefined)

/** Where the browser keeps nothing, nobody can tell. */
function isFirstTime(build: string): boolean {
  try {
    if (sessionStorage.getItem(MARK) === build) return false
    sessionStorage.setItem(MARK, build)
    return true
  } catch {
    return false
  }
}

addEventListener('vite:preloadError', () => partMissing())
