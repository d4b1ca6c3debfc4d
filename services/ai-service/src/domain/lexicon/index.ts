import { anhedonia } from './anhedonia.ts'
import { anhedoniaDays } from './anhedonia-days.ts'
import { anxiety } from './anxiety.ts'
import { appetite } from './appetite.ts'
import { concentration } from './concentration.ts'
import { crisisConcern } from './crisis-concern.ts'
import { crisisElders } from './crisis-elders.ts'
import { crisisEnglishConcern, crisisEnglishImmediate } from './crisis-english.ts'
import { crisisFarewell, crisisFarewellAsk } from './crisis-farewell.ts'
import { crisisImmediate } from './crisis-immediate.ts'
import { crisisIndirect } from './crisis-indirect.ts'
import { crisisMention } from './crisis-mention.ts'
import { crisisPassive } from './crisis-passive.ts'
import { crisisPlan } from './crisis-plan.ts'
import type { CrisisLexicon, CueLexicon } from './entry.ts'
import { fatigue } from './fatigue.ts'
import { lonely } from './lonely.ts'
import { lowMood } from './low-mood.ts'
import { lowMoodBody } from './low-mood-body.ts'
import { memory } from './memory.ts'
import { pain } from './pain.ts'
import { sleep } from './sleep.ts'
import { worthless } from './worthless.ts'

export { listed, type CrisisLexicon, type CueLexicon, type Entry } from './entry.ts'

export const CUE_LEXICONS: readonly CueLexicon[] = [
  lowMood,
  lowMoodBody,
  anhedonia,
  anhedoniaDays,
  sleep,
  fatigue,
  appetite,
  worthless,
  concentration,
  anxiety,
  lonely,
  memory,
  pain,
]

export const CRISIS_LEXICONS: readonly CrisisLexicon[] = [
  crisisImmediate,
  crisisPlan,
  crisisFarewell,
  crisisEnglishImmediate,
  crisisConcern,
  crisisFarewellAsk,
  crisisIndirect,
  crisisPassive,
  crisisElders,
  crisisEnglishConcern,
  crisisMention,
]
