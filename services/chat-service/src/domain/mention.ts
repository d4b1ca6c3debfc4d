/** Who a text calls. Pure: no I/O, clock or randomness. */

/** A range of the text, in UTF-16 code units as JavaScript counts them, and whom it calls. */
export type Mention = Readonly<{ offset: number; length: number }> &
  Readonly<{ user_id: number; everyone?: never } | { everyone: true; user_id?: never }>

export const MAX_MENTIONS = 50
/** The user id under which a mention of everyone is found; no person has it. */
export const EVERYONE = 0
const EVERYONE_NAMES: ReadonlySet<string> = new Set(['all', '모두'])

/** Names are looked for in no more of what follows an @. */
const LONGEST_NAME = 50
/** An @ that does not stand within a word, as that of an address does, and what follows it up to a space or the next one. */
const CALL = new RegExp(String.raw`(?<![\p{L}\p{N}_.@-])@([^\s@]{1,${LONGEST_NAME}})`, 'gu')

/** What may be written to a name without a space: @민수야, @민수님께. */
const PARTICLES =
  /^(?:선생님|선배님|선배|누나|오빠|언니|님|씨|형|께서|에게|한테|부터|까지|하고|이랑|이야|이가|으로|야|아|이|가|은|는|을|를|도|만|의|와|과|랑|께|로)+(?!\p{sc=Hangul})/u
const HANGUL = /\p{sc=Hangul}/u
const IN_A_WORD = /[\p{L}\p{N}\p{M}_]/u

/** Two usernames with one key are the same username, as user-service has it. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase()

/** An @ of a text, and the names that may be meant, the longest first, each with its length in the text. */
type Call = Readonly<{ offset: number; names: readonly Readonly<{ key: string; length: number }>[] }>

/** Where a text calls somebody. A text without @ is not looked at any further. */
export function callsIn(content: string): readonly Call[] {
  if (!content.includes('@')) return []
  const calls: Call[] = []
  for (const { index, 1: run } of content.matchAll(CALL)) {
    if (calls.length === MAX_MENTIONS) break
    calls.push({ offset: index, names: namesIn(run!) })
  }
  return calls
}

function namesIn(run: string): Call['names'] {
  const names: { key: string; length: number }[] = []
  for (let end = run.length; end > 0; end--)
    if (endsAt(run, end)) names.push({ key: nameKey(run.slice(0, end)), length: end })
  return names
}

/** Whether a name may end there: not within a word, unless what follows is written to names. */
function endsAt(run: string, end: number): boolean {
  const rest = run.slice(end)
  const next = firstOf(rest)
  if (next === undefined || !IN_A_WORD.test(next)) return true
  if (!HANGUL.test(next)) return false
  return PARTICLES.test(rest)
}

const firstOf = (text: string): string | undefined => {
  const code = text.codePointAt(0)
  return code === undefined ? undefined : String.fromCodePoint(code)
}

/** Whether a text may call everyone, as far as it says so. */
export const callsEveryone = (calls: readonly Call[]): boolean =>
  calls.some(({ names }) => names.some(({ key }) => EVERYONE_NAMES.has(key)))

/**
 * The calls of a text that are heard; the others stay text.
 * @param people members by the keys of their usernames @param mayCallAll whether the author may call everyone
 */
export function heardOf(
  calls: readonly Call[],
  people: ReadonlyMap<string, number>,
  mayCallAll: boolean,
): readonly Mention[] {
  return calls.flatMap(({ offset, names }): Mention[] => {
    const heard = names.find(({ key }) => people.has(key) || (mayCallAll && EVERYONE_NAMES.has(key)))
    if (!heard) return []
    const user_id = people.get(heard.key)
    // With the @.
    const range = { offset, length: heard.length + 1 }
    return [user_id === undefined ? { everyone: true, ...range } : { user_id, ...range }]
  })
}

export type MentionFault = 'TOO_MANY_MENTIONS' | 'MENTION_OUT_OF_TEXT' | 'MENTIONS_OVERLAP'

/** What is wrong with ranges that a client gives. */
export function faultOf(mentions: readonly Mention[], content: string): MentionFault | undefined {
  if (mentions.length > MAX_MENTIONS) return 'TOO_MANY_MENTIONS'
  const sorted = mentions.toSorted((a, b) => a.offset - b.offset)
  if (sorted.some(({ offset, length }) => offset + length > content.length)) return 'MENTION_OUT_OF_TEXT'
  const overlap = sorted.some(({ offset }, i) => i > 0 && offset < sorted[i - 1]!.offset + sorted[i - 1]!.length)
  return overlap ? 'MENTIONS_OVERLAP' : undefined
}

/** Under whose ids a message is found by those it calls, each once. */
export const calledBy = (mentions: readonly Mention[]): readonly number[] => [
  ...new Set(mentions.map(({ user_id = EVERYONE }) => user_id)),
]
