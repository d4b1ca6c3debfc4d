import type { Window } from './window.ts'

const NOT = /\b(?:not|dont|doesnt|didnt|never|no|isnt|arent|wasnt|wont|without|no longer|hardly|nor)(?: \w+){0,3} $/
const OTHER =
  /\b(?:he|she|they|his|her|hes|shes|theyre|somebody|someone|(?:my|our|the|a) (?:friend|mom|mum|mother|dad|father|son|daughter|wife|husband|sister|brother|neighbou?r|grandma|grandpa|grandmother|grandfather|uncle|aunt|cat|dog|news|movie|film|book|singer|actor|character|article|drama|novel|radio)|the news|news|movie|film|novel)\b/
const OWN = /\b(?:i|im|ive|id|ill)\b/
const AGO = /\b(?:used to|years? ago|in the past|when i was|back then|last year|once|long ago|before)\b/
const NOW_FINE = /\b(?:now|anymore|these days|today)\b/
const FINE = /\b(?:fine|better|ok|okay|good|well|great|happy|over|recovered|anymore)\b/
const STILL = /\b(?:still|again)\b/

/** What begins anew is not negated by what came before. */
const ANEW = /^.*\b(?:and|but|so|because|cause|i|left|okay|ok|cares?)\b/

export const isNegated = ({ before }: Window): boolean =>
  NOT.test(before) && !ANEW.test(before.slice(before.search(NOT)))

export function isReported({ before }: Window): boolean {
  const at = before.search(OTHER)
  return at >= 0 && !OWN.test(before.slice(at))
}

export const isOver = ({ before, tail, next }: Window): boolean =>
  !STILL.test(before + tail) && AGO.test(before) && (NOW_FINE.test(tail + next) || FINE.test(tail + next))
