/**
 * What an event takes back of an earlier one: the text of a message that was edited or deleted. It is a header of the event itself, so it is as
 * durable and as ordered as the event. A log that is kept here (embedded) clears the text in the same write; a broker's copy ages out
 * with the topic's retention.
 */
export type Redaction = Readonly<{
  /** Earlier records of the same key are meant whose `field` is `value` … */
  field: string
  value: string
  /** … and that were made at or after this time, ms since the epoch: where to begin to look. */
  since: number
  /** The fields of them that become empty texts. */
  clear: readonly string[]
}>

/** @param by id of the event that takes back: a repetition of it is not what it takes back */
export type FoundRedaction = Redaction & Readonly<{ by: string }>

const HEADER = 'redacts'

export const redactionHeader = (redaction: Redaction): Record<string, string> => ({
  [HEADER]: JSON.stringify(redaction),
})

/** @param headers as JSON text: most records have none, and need not be parsed */
export function redactionIn(headers: string): FoundRedaction | undefined {
  if (!headers.includes(`"${HEADER}":`)) return undefined
  const { [HEADER]: text, ce_id: by = '' } = JSON.parse(headers) as Record<string, string>
  return text === undefined ? undefined : { ...(JSON.parse(text) as Redaction), by }
}
