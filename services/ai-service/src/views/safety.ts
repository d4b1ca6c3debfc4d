import type { SafetyLevel } from '../domain/types.ts'
import { SAFETY_LEVELS } from '../domain/types.ts'
import type { Contact } from '../ports.ts'

const MESSAGES: Readonly<Record<SafetyLevel, Readonly<Record<'ko' | 'en', string>> | null>> = {
  none: null,
  mention: null,
  past: {
    ko: '힘든 때를 지나오셨네요. 말해 줘서 고마워요. 다시 그런 마음이 들면 언제든 아래 번호로 전화할 수 있어요.',
    en: 'You have been through a hard time. Thank you for telling. If it comes back, you can call these numbers at any hour.',
  },
  concern: {
    ko: '말해 줘서 고마워요. 그렇게 느낄 만큼 힘드셨군요. 혼자 견디지 않아도 돼요. 지금 이야기를 들어 줄 사람이 있어요.',
    en: 'Thank you for telling. It must be very hard to feel like that. You need not bear it alone: there is somebody who listens now.',
  },
  immediate: {
    ko: '말해 줘서 고마워요. 지금 바로 {first}에 전화해 주세요. 위험하면 {emergency}에 전화하고, 가까운 사람 곁으로 가 주세요.',
    en: 'Thank you for telling. Please call {first} now. In danger call {emergency}, and go to somebody who is near.',
  },
}

export const worseOf = (one: SafetyLevel, other: SafetyLevel): SafetyLevel =>
  SAFETY_LEVELS.indexOf(one) >= SAFETY_LEVELS.indexOf(other) ? one : other

/** What is shown at once: with the numbers to call whatever was found, as most that is meant is never found. */
export const viewSafety = (level: SafetyLevel, language: 'ko' | 'en', contacts: readonly Contact[]) => ({
  level,
  message: messageOf(level, language, contacts),
  contacts: contacts.map(({ number, name }) => ({ number, name })),
})

/** The first number is the one to talk to; without one for emergencies that is said of it too. */
function messageOf(level: SafetyLevel, language: 'ko' | 'en', contacts: readonly Contact[]): string | null {
  const [first] = contacts
  const emergency = contacts.find(({ emergency: is }) => is) ?? first
  const message = MESSAGES[level]?.[language]
  if (message === undefined) return null
  return message.replace('{first}', () => first!.number).replace('{emergency}', () => emergency!.number)
}
