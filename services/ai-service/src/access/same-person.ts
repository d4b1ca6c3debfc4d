import { aiErrors } from '../contract/errors.ts'

const ANYBODY = 'anonymous'

/**
 * Who is signed in speaks for themselves alone; a program on this machine, with nobody signed in, for nobody who is kept.
 * @throws USER_ID_OF_ANOTHER
 */
export function checkSamePerson(signedIn: number | undefined, userId: string): void {
  if (signedIn !== undefined && userId !== ANYBODY && userId !== String(signedIn))
    throw aiErrors.USER_ID_OF_ANOTHER({ field: 'user_id' })
}
