import { isoTime } from '@bigtech/kernel'
import { aiErrors } from '../../contract/errors.ts'
import { CONSENTS, type ConsentKind } from '../../domain/consents.ts'
import type { Consent, ConsentStore } from '../../ports.ts'

/** Of what somebody gave and took back. */
const MOST_TOLD = 20

export type ConsentPorts = Readonly<{ consents: ConsentStore }>

/** A person's consent to the words as they are now. @throws CONSENT_REQUIRED */
export async function needConsent({ consents }: ConsentPorts, userId: number, kind: ConsentKind): Promise<void> {
  const { version } = CONSENTS[kind]
  const open = await consents.open(userId)
  if (open.some((one) => one.kind === kind && one.version === version)) return
  throw aiErrors.CONSENT_REQUIRED({ params: { kind } })
}

/** What somebody agrees to is what they have read: the words as they are now. @throws CONSENT_WORDS_CHANGED */
export async function giveConsent(
  { consents }: ConsentPorts,
  given: Readonly<{ user_id: number; kind: ConsentKind; version: number; now: number }>,
): Promise<void> {
  const { version } = CONSENTS[given.kind]
  if (given.version !== version) throw aiErrors.CONSENT_WORDS_CHANGED({ params: { version } })
  await consents.give(given)
}

export function viewConsent(kind: ConsentKind, all: readonly Consent[], language: 'ko' | 'en') {
  const { version, words } = CONSENTS[kind]
  const history = all.filter((one) => one.kind === kind)
  const held = history.find((one) => one.withdrawn_at === null && one.version === version)
  return {
    kind,
    ...words[language],
    version,
    given_at: held ? isoTime(held.given_at) : null,
    history: history.slice(0, MOST_TOLD).map(({ version: of, given_at, withdrawn_at }) => ({
      version: of,
      given_at: isoTime(given_at),
      withdrawn_at: withdrawn_at === null ? null : isoTime(withdrawn_at),
    })),
  }
}
