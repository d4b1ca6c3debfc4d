import { AppError } from '@bigtech/kernel'
import { chatErrors } from '../contract/errors.ts'

/**
 * What follows a change that was made, to answer it. When that cannot be read, "unavailable" would say that nothing was done.
 * @throws OUTCOME_UNKNOWN
 */
export async function afterChange<T>(rest: () => Promise<T>): Promise<T> {
  try {
    return await rest()
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unavailable')
      throw chatErrors.OUTCOME_UNKNOWN({ retryAfterS: 1, cause: error })
    throw error
  }
}
