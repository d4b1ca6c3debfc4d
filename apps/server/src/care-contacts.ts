import { readFileSync } from 'node:fs'
import type { Contacts } from '@bigtech/ai-service'
import { reasonOf } from './data-identity.ts'

const LANGUAGES = ['ko', 'en'] as const
const MOST = 10
/** As people write them, and as a telephone takes them. */
const NUMBER = /^[+*#]?\d[\d*# -]{1,23}$/
const MOST_NAME = 80

/** What is wrong with CARE_CONTACTS, one line each. */
export function careContactsProblems(setting: string | undefined): string[] {
  if (setting === undefined) return []
  try {
    return wrongWith(JSON.parse(textOf(setting))).map((problem) => `CARE_CONTACTS: ${problem} (docs/care.md)`)
  } catch (error) {
    const what = isInline(setting) ? 'is no JSON' : `${JSON.stringify(setting)} is no file of JSON`
    return [`CARE_CONTACTS ${what}: ${reasonOf(error)} (docs/care.md)`]
  }
}

/** What has no problems. */
export const readCareContacts = (setting: string): Contacts => JSON.parse(textOf(setting)) as Contacts

const isInline = (setting: string): boolean => setting.trimStart().startsWith('{')
const textOf = (setting: string): string => (isInline(setting) ? setting : readFileSync(setting, 'utf8'))

function wrongWith(value: unknown): string[] {
  if (!isObject(value)) return ['expected {"ko": […], "en": […]}']
  const unknown = Object.keys(value).filter((name) => !LANGUAGES.some((language) => language === name))
  return [
    ...unknown.map((name) => `${JSON.stringify(name)} is none of its languages, ko and en`),
    ...LANGUAGES.flatMap((language) => wrongWithList(value[language], language)),
  ]
}

function wrongWithList(list: unknown, language: string): string[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > MOST)
    return [`${language} must be a list of 1 to ${MOST} contacts`]
  return list.flatMap((contact: unknown, i) => {
    const at = `${language}[${i}]`
    if (!isObject(contact)) return [`${at} must be {"number": "…", "name": "…"}`]
    const { number, name, emergency, ...rest } = contact
    const unknown = Object.keys(rest).map((key) => `${at} has an unknown ${JSON.stringify(key)}`)
    if (typeof number !== 'string' || !NUMBER.test(number))
      unknown.push(`${at}.number must be a telephone number, as "109" or "+82 2 123 4567"`)
    if (typeof name !== 'string' || name.trim() === '' || name.length > MOST_NAME)
      unknown.push(`${at}.name must be a text of 1 to ${MOST_NAME} characters`)
    if (emergency !== undefined && typeof emergency !== 'boolean') unknown.push(`${at}.emergency must be true or false`)
    return unknown
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
