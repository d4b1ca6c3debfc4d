import { loosely, type Window } from './window.ts'
import { clauseOf } from './korean.ts'

const STRONG = loosely(
  `너무|매일|맨날|날마다|하루 종일|온종일|종일|밤새|밤마다|도저히|심하|심해|미치|죽겠|하나도|전혀|한숨도|늘 |항상|계속|자꾸만|언제나|내내|도무지|몹시|굉장히|엄청|극도로|견딜 수|못 견디|정말|진짜|뼈저리|사무치|거의 매|며칠째|몇 달째|몇 주째|\\b(?:very|so|always|constantly|extremely|completely|totally|every day|every night|all the time|all day|all night|really|cant stand)\\b`,
)
const SLIGHT = loosely(
  `좀 |조금|약간|살짝|가끔|때때로|어쩌다|이따금|다소|\\b(?:slightly|sometimes|a bit|a little|occasionally|somewhat)\\b`,
)
const NEAR = 16

/** How much the words beside a phrase add to its strength or take from it. */
export function intensityOf({ before, phrase, tail }: Window): -1 | 0 | 1 {
  const said = `${clauseOf(before)} ${phrase} ${tail.slice(1, NEAR)} `
  if (STRONG.test(said)) return 1
  return SLIGHT.test(said) ? -1 : 0
}
