import { isoTime } from '@bigtech/kernel'
import { aiErrors } from '../../contract/errors.ts'
import { CONSENTS, isOfGuardian, isOutdated, type ConsentKind, type ConsentSubject } from '../../domain/consents.ts'
import type { LinkStore } from '../../link-ports.ts'
import type { Cloud, Consent, ConsentStore } from '../../ports.ts'

/** Of what somebody gave and took back. */
const MOST_TOLD = 20

export type ConsentPorts = Readonly<{ consents: ConsentStore }>
export type OfferPorts = ConsentPorts & Readonly<{ links: Pick<LinkStore, 'guardiansOf'>; clouds: readonly Cloud[] }>

/** Whether a person has agreed to the words as they are now. */
export async function hasConsent(
  { consents }: ConsentPorts,
  userId: number,
  kind: ConsentKind,
  subject = '',
): Promise<boolean> {
  const { version } = CONSENTS[kind]
  const open = await consents.open(userId)
  return open.some((one) => one.kind === kind && one.subject === subject && one.version === version)
}

/** @throws CONSENT_REQUIRED */
export async function needConsent(...of: Parameters<typeof hasConsent>): Promise<void> {
  if (!(await hasConsent(...of))) throw aiErrors.CONSENT_REQUIRED({ params: { kind: of[2] } })
}

/** Whether what a person hands in may go there: somewhere on this machine, or where they let it go. Of nobody in particular (a program on this machine) it may. */
export const mayLeave = async (ports: ConsentPorts, who: number | undefined, host: string | null): Promise<boolean> =>
  host === null || who === undefined || hasConsent(ports, who, 'cloud', host)

/** What somebody can agree to now, each with its subject. */
export async function offersTo({ links, clouds }: OfferPorts, userId: number): Promise<ConsentSubject[]> {
  const guardians = (await links.guardiansOf(userId)).map(String)
  return [
    { kind: 'analysis', subject: '' },
    ...clouds.map(({ host }): ConsentSubject => ({ kind: 'cloud', subject: host })),
    ...guardians.flatMap((subject): ConsentSubject[] => [
      { kind: 'guardian', subject },
      { kind: 'crisis_notice', subject },
    ]),
  ]
}

/**
 * What somebody agrees to is what they have read: the words as they are now.
 * @throws CONSENT_NOT_OFFERED, CONSENT_WORDS_CHANGED, NO_CARE_LINK
 */
export async function giveConsent(
  { consents, clouds }: Pick<OfferPorts, 'consents' | 'clouds'>,
  given: ConsentSubject & Readonly<{ user_id: number; version: number; now: number }>,
): Promise<void> {
  if (!canBeOffered(given, clouds)) throw aiErrors.CONSENT_NOT_OFFERED()
  const { version } = CONSENTS[given.kind]
  if (given.version !== version) throw aiErrors.CONSENT_WORDS_CHANGED({ params: { version } })
  if (!(await consents.give(given))) throw aiErrors.NO_CARE_LINK()
}

function canBeOffered({ kind, subject }: ConsentSubject, clouds: readonly Cloud[]): boolean {
  if (kind === 'analysis') return subject === ''
  if (isOfGuardian(kind)) return /^[1-9]\d{0,15}$/.test(subject) && Number.isSafeInteger(Number(subject))
  return clouds.some(({ host }) => host === subject)
}

export function viewConsent(
  { kind, subject }: ConsentSubject,
  all: readonly Consent[],
  clouds: readonly Cloud[],
  language: 'ko' | 'en',
) {
  const { version, words } = CONSENTS[kind]
  const history = all.filter((one) => one.kind === kind && one.subject === subject)
  const held = history.find((one) => one.withdrawn_at === null && one.version === version)
  const cloud = clouds.find(({ host }) => host === subject)
  const said = (text: string) =>
    cloud ? text.replaceAll('{name}', () => cloud.name).replaceAll('{host}', () => cloud.host) : text
  return {
    kind,
    subject,
    title: said(words[language].title),
    text: said(words[language].text),
    version,
    given_at: held ? isoTime(held.given_at) : null,
    needs_renewal: history.some((one) => one.withdrawn_at === null && isOutdated(one)),
    history: history.slice(0, MOST_TOLD).map(({ version: of, given_at, withdrawn_at }) => ({
      version: of,
      given_at: isoTime(given_at),
      withdrawn_at: withdrawn_at === null ? null : isoTime(withdrawn_at),
    })),
  }
}
