import type { Cells } from '../matching/cells.ts'

/** What stands around a phrase. Its size is bounded, so that a text is judged in linear time however it is made. */
export type Window = Readonly<{
  /** Of the same sentence, up to the phrase. */
  before: string
  /** The phrase itself. */
  phrase: string
  /** Of the same sentence, from the last syllable of the phrase (that one included, endings begin in it). */
  tail: string
  /** The sentence before and the one after, as far as they are near. */
  previous: string
  next: string
  /** The mark at the sentence's end, as far as it is near. */
  mark: string
}>

const BEFORE = 60
const AFTER = 60
const AROUND = 40
const ENDS = /[.?\n]/

export function windowOf({ line }: Cells, start: number, end: number): Window {
  const left = line.slice(Math.max(0, start - BEFORE), start)
  const cut = Math.max(left.lastIndexOf('.'), left.lastIndexOf('?'), left.lastIndexOf('\n'))
  const right = line.slice(end, end + AFTER)
  const stop = right.search(ENDS)
  const sentenceStart = start - left.length + cut + 1
  const sentenceEnd = end + (stop < 0 ? right.length : stop)
  return {
    before: left.slice(cut + 1),
    phrase: line.slice(start, end),
    tail: line.slice(end - 1, sentenceEnd),
    previous: cut < 0 ? '' : line.slice(Math.max(0, sentenceStart - AROUND), sentenceStart),
    next: stop < 0 ? '' : line.slice(sentenceEnd + 1, sentenceEnd + 1 + AROUND),
    mark: stop < 0 ? '' : right[stop]!,
  }
}

/** A regular expression in which each space may be left out, as people do. */
export const loosely = (pattern: string): RegExp => new RegExp(pattern.replaceAll(' ', ' ?'), 'u')
