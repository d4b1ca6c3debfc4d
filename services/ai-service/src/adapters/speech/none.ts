import { CareFailure, type SpeechToText } from '../../ports.ts'

/** No recogniser: what is said is not recognised, typed text is assessed all the same. */
export const createNoSpeech = (): SpeechToText => ({
  name: 'none',
  leavesTo: null,
  atOnce: 1,
  pieceSeconds: 60,
  knows: () => true,
  state: () => Promise.resolve('off'),
  transcribe: () => Promise.reject(new CareFailure('unavailable', 'speech is off')),
  close: () => Promise.resolve(),
})
