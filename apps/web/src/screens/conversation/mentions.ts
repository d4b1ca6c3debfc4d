import type { Mention } from '@bigtech/client'

/** Whom a text that is being written calls: ranges that go along with it, and where the next one begins. */

/** The server takes no more in a message. */
export const MAX_MENTIONS = 50
const LONGEST_NAME = 50

/** An @ before the caret, and what was typed after it. */
export type Call = Readonly<{ offset: number; typed: string }>

/** An @ that does not stand within a word, as that of an address does. */
const OPEN_CALL = new RegExp(String.raw`(?<![\p{L}\p{N}_.@-])@([^@\n]{0,${LONGEST_NAME}})$`, 'u')
const CALL = /(?<![\p{L}\p{N}_.@-])@([^\s@]+)/gu

const endOf = ({ offset, length }: Mention): number => offset + length

/**
 * The ranges after a change of the text: what stands behind the change moves, and a range whose own text was changed is gone.
 * @param caret where it stands after the change: of two equal letters it says which was added
 */
export function movedBy(
  mentions: readonly Mention[],
  before: string,
  after: string,
  caret: number,
): readonly Mention[] {
  if (mentions.length === 0 || before === after) return mentions
  const { from, to } = changeOf(before, after, caret)
  const by = after.length - before.length
  return mentions.flatMap((mention) => {
    if (endOf(mention) <= from) return [mention]
    return mention.offset >= to ? [{ ...mention, offset: mention.offset + by }] : []
  })
}

/** What of the text before was replaced. */
function changeOf(before: string, after: string, caret: number): { from: number; to: number } {
  const tail = after.slice(caret)
  const shorter = Math.min(before.length, after.length)
  let same = before.endsWith(tail) ? Math.min(tail.length, shorter) : 0
  // The caret is elsewhere after an undo, for example.
  if (same === 0 && tail !== '') while (same < shorter && before.at(-1 - same) === after.at(-1 - same)) same++
  let from = 0
  while (from < shorter - same && before[from] === after[from]) from++
  return { from, to: before.length - same }
}

/** Where somebody is about to be called; undefined: nowhere. */
export function callAt(text: string, caret: number, mentions: readonly Mention[]): Call | undefined {
  const typed = OPEN_CALL.exec(text.slice(0, caret))?.[1]
  if (typed === undefined) return undefined
  const offset = caret - typed.length - 1
  return mentions.some((mention) => mention.offset <= offset && offset < endOf(mention)) ? undefined : { offset, typed }
}

export type Callee = Readonly<{ user_id: number } | { everyone: true }>

/** The text with somebody's name in the place of a call, followed by a space. @param end of what the name takes the place of */
export function withName(
  text: string,
  mentions: readonly Mention[],
  call: Readonly<{ offset: number; end: number }>,
  chosen: Readonly<{ name: string; callee: Callee }>,
): { text: string; mentions: readonly Mention[]; caret: number } {
  const word = `@${chosen.name}`
  const rest = text.slice(call.end)
  const after = `${text.slice(0, call.offset)}${word}${/^\s/.test(rest) ? '' : ' '}${rest}`
  const others = movedBy(mentions, text, after, after.length - rest.length)
  const own: Mention = { ...chosen.callee, offset: call.offset, length: word.length }
  const all = [...others, own].sort((a, b) => a.offset - b.offset)
  return { text: after, mentions: all, caret: call.offset + word.length + 1 }
}

/**
 * What is sent. Who was typed by name is called beside those who were chosen; of a text in which nobody was chosen the server finds
 * them all (undefined).
 */
export function toSend(
  text: string,
  mentions: readonly Mention[],
  byName: ReadonlyMap<string, Callee>,
): { content: string; mentions: readonly Mention[] | undefined } {
  const content = text.trim()
  if (mentions.length === 0) return { content, mentions: undefined }
  const start = text.length - text.trimStart().length
  const chosen = mentions.map((mention) => ({ ...mention, offset: mention.offset - start }))
  const typed = [...content.matchAll(CALL)].flatMap(({ index, 1: run = '' }): Mention[] => {
    // What follows a name may be punctuation.
    const name = run.replace(/[^\p{L}\p{N}]+$/u, '')
    const callee = byName.get(nameKey(name))
    const free = chosen.every((mention) => index >= endOf(mention) || index + name.length < mention.offset)
    return callee && free ? [{ ...callee, offset: index, length: name.length + 1 }] : []
  })
  const all = [...chosen, ...typed].sort((a, b) => a.offset - b.offset)
  return { content, mentions: all.slice(0, MAX_MENTIONS) }
}

/** Names are the same whatever the case and the form of their letters. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase()

export const sameMentions = (some: readonly Mention[], others: readonly Mention[]): boolean =>
  some.length === others.length && some.every((mention, i) => keyOf(mention) === keyOf(others[i]!))

const keyOf = (mention: Mention): string =>
  `${mention.offset} ${mention.length} ${'user_id' in mention ? mention.user_id : 'everyone'}`
