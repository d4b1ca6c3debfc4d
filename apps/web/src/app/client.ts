import { createClient } from '@bigtech/client'
import { settings } from './settings.ts'

const signedOut = new Set<(code: string) => void>()

/** Called when the session ended without our doing; the code says why. */
export const onSignedOut = (listener: (code: string) => void): void => void signedOut.add(listener)

/** Everything this page knows, it knows through it. Error texts come in the language of the page. */
export const client = createClient({
  baseUrl: '',
  refreshCookie: true,
  language: () => settings.language,
  onSignedOut: (code) => signedOut.forEach((listener) => listener(code)),
})
