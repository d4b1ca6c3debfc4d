import { careFamily } from './care-family.ts'
import { care } from './care.ts'

/** Korean, English. They come with the care screens, and not with the first one that everybody waits for. */
export const careTexts = { ...care, ...careFamily }
export type CareTextKey = keyof typeof careTexts
