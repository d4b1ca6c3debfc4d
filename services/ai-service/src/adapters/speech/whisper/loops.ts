/**
 * What Whisper says in a loop when it has lost the thread, as "회의실회의실회의실회의실회의실". People repeat themselves too ("아니 아니 아니", laughter), so short words
 * must come more often than whole sentences before they are taken for a loop. The shortest first: a sentence could be made of them.
 */
const LOOPS: readonly RegExp[] = [
  // One letter or syllable, twelve times.
  /([^\s])(?:[\s,.!?…]*\1){11,}/gsu,
  // A word or a few, five times.
  /(.{2,40}?)(?:[\s,.!?…]*\1){4,}/gsu,
  // A sentence or more, three times.
  /(.{12,120}?)(?:[\s,.!?…]*\1){2,}/gsu,
]

/** The text with each loop said once. */
export function withoutLoops(text: string): string {
  let kept = text
  for (const loop of LOOPS) kept = kept.replace(loop, '$1')
  return kept.replaceAll(/\s+/g, ' ').trim()
}
