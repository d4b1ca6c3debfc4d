import { ApiError, NetworkError } from '@bigtech/client'
import { t } from '../i18n/index.ts'
import { toast } from './feedback.ts'

/** What to tell the user: the server's own words where it gave any. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) {
    if (error.retryAfterMs !== undefined && error.status === 429)
      return t('error.rateLimited', { seconds: Math.ceil(error.retryAfterMs / 1_000) })
    return error.status >= 500 ? t('error.server', { trace: error.traceId.slice(0, 8) }) : error.detail
  }
  if (error instanceof NetworkError) return error.timedOut ? t('error.timeout') : t('error.network')
  return t('error.unexpected')
}

/** Errors that are about one field, and say so by their code alone. */
const FIELD_OF: Readonly<Record<string, string>> = { EMAIL_TAKEN: 'email', USERNAME_TAKEN: 'username' }

/** By field, of a form the server refused. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  const { [error.code]: field } = FIELD_OF
  if (field !== undefined) return { [field]: error.detail }
  return Object.fromEntries(error.errors.map(({ field, message }) => [field, message]))
}

/** Runs what a click asked for; a failure is told. @returns undefined when it failed */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined
    toast('error', errorText(error))
    return undefined
  }
}
