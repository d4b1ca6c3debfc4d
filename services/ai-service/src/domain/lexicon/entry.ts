import type { Cue, SafetyLevel } from '../types.ts'

/**
 * A way of saying something, for people to read and to add to.
 *
 * Ways stand one after the other with commas between. In `say`, `~` after a word means that endings follow (`외롭~`: 외로워요, 외롭네, 외로운), a space that up to five syllables may stand between (`잠 안 오~`: 잠이
 * 통 안 와요), `..` that more may, `+` that none may, `/` that either word does, `^` that it begins a word. `-` after a verb means that only the endings of
 * verbs follow (`가-`: 가고, 갈래, 갔어, neither 가을 nor 가족): for verbs of one syllable, with which other words begin. Spaces, the two ways of writing ㅐ/ㅔ, 겠 as 겄 or 것,
 * 싶다 as 잡다 and common misspellings need no thought.
 */
export type Entry = Readonly<{
  say: string
  /** 1: slight, or said of many things; 2: clear. Words such as 너무, 매일 add one, 조금 takes one. */
  strength: 1 | 2
  /** Items of questionnaires that ask for it. */
  items: readonly string[]
  /** A sentence in which it is found; a test holds every entry to it. */
  example: string
  /** Harmless when one of these is said in the same sentence; of crisis words in the same clause or, up to a comma, the one after it. Same writing as in `say`, but no `~` and no gaps. */
  unless?: string
  /** Harmless right after one of these, which say why or of what: 더워서 못 살겠다. Same writing as in `unless`. */
  after?: string
  /** Counts only when one of these is said near it. */
  needs?: string
  /** Told when it is done (유서를 썼어요): that one is calm now is no sign that it is over. */
  done?: true
  /** What is said of is somebody else by nature (자식들이 연락도 없어요), so that a third person before it is no reason to drop it. */
  aboutOthers?: true
}>

/** The ways or words of a list with commas between. */
export const listed = (list: string): string[] =>
  list
    .split(',')
    .map((one) => one.trim().replace(/\s+/g, ' '))
    .filter((one) => one !== '')

export type CueLexicon = Readonly<{ cue: Cue; entries: readonly Entry[] }>

export type CrisisLexicon = Readonly<{ level: Exclude<SafetyLevel, 'none' | 'past'>; entries: readonly Entry[] }>
