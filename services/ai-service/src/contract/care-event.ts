import { defineEvent, type TopicConfig } from '@bigtech/messaging/contract'
import type { TObject, TProperties } from 'typebox'

export const CARE_TOPIC = 'care.events'

export const careTopics: readonly TopicConfig[] = [{ name: CARE_TOPIC, partitions: 3, retentionMs: 7 * 86_400_000 }]

const keyOf = (fields: Readonly<{ user_id?: unknown; senior_id?: unknown }>): string =>
  String(fields.user_id ?? fields.senior_id)

/**
 * Nothing that was said is in them, and no answer to a single question. All that happens to one person stays in order; what is between a senior and a guardian is the
 * senior's.
 */
export const defineCareEvent = <P extends TProperties>(event: { type: string; summary: string; schema: TObject<P> }) =>
  defineEvent<P>({
    ...event,
    topic: CARE_TOPIC,
    source: '/ai-service',
    version: 1,
    key: keyOf,
  })
