import * as english from './english.ts'
import { intensityOf } from './intensity.ts'
import * as korean from './korean.ts'
import type { Window } from './window.ts'

export type Context = Readonly<{
  /** Whose it is: one's own now, one's own and over, somebody else's (or told, asked, advised), or denied. */
  as: 'own' | 'past' | 'others' | 'nothing'
  intensity: -1 | 0 | 1
}>

/** A phrase that holds its own negation (잠이 안 와, 살고 싶지 않아) is not denied by an 안 before it. */
const OWN_NEGATION = /(?<![불편평])안|못|않|없|말/u

/** What the words around a phrase make of it. In doubt a crisis word stays one's own. */
export function contextOf(
  window: Window,
  { crisis, aboutOthers, done }: Readonly<{ crisis: boolean; aboutOthers: boolean; done: boolean }>,
): Context {
  const as = (kind: Context['as']): Context => ({ as: kind, intensity: intensityOf(window) })
  if (/^[a-z]/.test(window.phrase)) {
    if (english.isNegated(window)) return as('nothing')
    if (english.isReported(window)) return as('others')
    return as(english.isOver(window) ? 'past' : 'own')
  }
  if (korean.isNegated(window, OWN_NEGATION.test(window.phrase))) return as('nothing')
  if (korean.isReported(window, aboutOthers)) return as('others')
  if (!crisis && (korean.isAsked(window) || korean.isSupposed(window) || korean.isResolved(window))) return as('others')
  if (!aboutOthers && korean.isHonoured(window)) return as('others')
  return as(korean.isOver(window, done) ? 'past' : 'own')
}
