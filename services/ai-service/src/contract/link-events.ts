import { Type } from 'typebox'
import { defineCareEvent } from './care-event.ts'
import { ALERT_KINDS, CONSENT_KINDS } from './kinds.ts'

const Id = Type.Integer({ minimum: 1 })

const link = { link_id: Id, senior_id: Id, guardian_id: Id, asked_by: Id }

export const CareLinkAsked = defineCareEvent({
  type: 'CareLinkAsked',
  summary: 'asked_by, the senior or the guardian, asks the other for a care link',
  schema: Type.Object(link),
})
export const CareLinkGranted = defineCareEvent({
  type: 'CareLinkGranted',
  summary: 'Both have agreed to the link; what the guardian may see is for the senior to agree to',
  schema: Type.Object(link),
})
export const CareLinkEnded = defineCareEvent({
  type: 'CareLinkEnded',
  summary: 'A link was refused or ended, by one of the two or because they are no friends any more',
  schema: Type.Object({ link_id: Id, senior_id: Id, guardian_id: Id, ended_by: Id }),
})

export const CareConsentChanged = defineCareEvent({
  type: 'CareConsentChanged',
  summary: 'user_id agreed to something in the words of this version, or took it back',
  schema: Type.Object({
    user_id: Id,
    kind: Type.Enum([...CONSENT_KINDS]),
    subject: Type.String({ description: 'a host, the id of a guardian, or empty' }),
    version: Type.Integer({ minimum: 1 }),
    given: Type.Boolean(),
  }),
})

export const CareConsentsOutdated = defineCareEvent({
  type: 'CareConsentsOutdated',
  summary:
    'So many consents of user_id are to words that have changed since, and count no more; 0: none of them is left',
  schema: Type.Object({ user_id: Id, count: Type.Integer({ minimum: 0 }) }),
})

export const CareAlertRaised = defineCareEvent({
  type: 'CareAlertRaised',
  summary: 'A guardian is to look after senior_id; what was found is not told here',
  schema: Type.Object({ alert_id: Id, senior_id: Id, guardian_id: Id, kind: Type.Enum([...ALERT_KINDS]) }),
})

export const linkEvents = [
  CareLinkAsked,
  CareLinkGranted,
  CareLinkEnded,
  CareConsentChanged,
  CareConsentsOutdated,
  CareAlertRaised,
] as const
