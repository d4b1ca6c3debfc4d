/**
 * Whether Enter sends, decided from what the browser tells of the keyboard and the input method. Two-set Korean has nothing to choose
 * from: Enter while a syllable is composed ends the syllable and sends. Where Enter picks a candidate (Japanese, Chinese) it is
 * the input method's alone. Which of them it is shows in what is being composed.
 *
 * Orders of one press, while a syllable is composed:
 * - Chrome on macOS: keydown 229, compositionend, keydown 13; on Windows and Linux often without the second keydown
 * - Firefox: keydown 229, compositionend, input
 * - Safari: compositionend, keydown 229
 * - Android: compositionend, keydown 13; or keydown 229 without a key, then only the line break
 */
export type Happening =
  /** `toMethod`: the key went to the input method (keyCode 229). `sends`: with these modifiers and settings Enter means “send”. */
  | { type: 'keydown'; enter: boolean; composing: boolean; toMethod: boolean; sends: boolean; repeat: boolean }
  | { type: 'keyup' }
  | { type: 'compositionstart' }
  | { type: 'compositionupdate' | 'compositionend'; data: string }
  /** The browser is about to add a line to the text. */
  | { type: 'linebreak'; sends: boolean }
  | { type: 'input' }
  /** Nothing more comes of what happened last. */
  | { type: 'rest' }

export type Composition = Readonly<{
  /** What is being composed; null: nothing. */
  composed: string | null
  /** What was composed last, as long as nothing else happened. */
  ended: string | null
  /** Enter was pressed: the text is sent once the syllable is finished. */
  waiting: boolean
  /** This press of Enter has sent: what else comes of it does nothing. */
  answered: boolean
  /** This press of Enter is the input method's. */
  left: boolean
}>

/** `swallow`: the browser does nothing. `later`: tell of the `rest` as soon as the browser is through. */
export type Act = Readonly<{ send?: true; swallow?: true; later?: true }>

export const atRest: Composition = { composed: null, ended: null, waiting: false, answered: false, left: false }

/** Syllables and their letters, and the dots of Korean phone keyboards (천지인) of which vowels are made. */
export const isHangul = (text: string): boolean => /^[\p{Script=Hangul}\u00B7\u2025]+$/u.test(text)

const SENT: Composition = { ...atRest, answered: true }

export function step(state: Composition, now: Happening): [Composition, Act] {
  const { composed, waiting } = state
  switch (now.type) {
    case 'keydown':
      return now.enter ? enter(state, now) : otherKey(state)
    case 'keyup':
      return [{ ...state, answered: false, left: false }, {}]
    case 'compositionstart':
      return [{ ...atRest, composed: '' }, {}]
    case 'compositionupdate':
      // Somebody goes on composing: that Enter was for something else.
      return [{ ...state, composed: now.data, waiting: waiting && now.data === composed }, {}]
    case 'compositionend': {
      // A syllable may have become a Chinese character (한자): that was a choice, too.
      const sends = waiting && isHangul(now.data)
      return [{ ...state, composed: null, ended: now.data, waiting: sends }, sends ? { later: true } : {}]
    }
    case 'linebreak':
      return lineBreak(state, now.sends)
    case 'input':
      return [{ ...state, answered: false }, {}]
    case 'rest':
      return waiting && composed === null ? [SENT, { send: true }] : [state, {}]
    default:
      return [state, {}]
  }
}

function enter(state: Composition, now: Happening & { type: 'keydown' }): [Composition, Act] {
  const { composed, ended, answered } = state
  const left: [Composition, Act] = [{ ...state, waiting: false, left: true }, {}]
  if (!now.sends) return [{ ...state, waiting: false, ended: null }, {}]
  // A composition whose end nobody told of is over when keys reach the page again.
  if (now.composing || (composed !== null && now.toMethod))
    return composed !== null && isHangul(composed) ? [{ ...state, waiting: true }, {}] : left
  if (now.repeat || answered) return [{ ...state, answered }, { swallow: true }]
  if (now.toMethod && !(ended !== null && isHangul(ended))) return left
  return [SENT, { send: true, swallow: true }]
}

function otherKey(state: Composition): [Composition, Act] {
  const finished = state.waiting && state.composed === null
  return [{ ...atRest, composed: state.composed }, finished ? { send: true } : {}]
}

function lineBreak(state: Composition, sends: boolean): [Composition, Act] {
  const { composed, answered, left } = state
  if (!sends || left) return [state, {}]
  if (composed !== null) return isHangul(composed) ? [{ ...state, waiting: true }, { swallow: true }] : [state, {}]
  return answered ? [state, { swallow: true }] : [SENT, { send: true, swallow: true }]
}

/** Windows calls a key that goes to the input method `Process`; where it is on the keyboard is known all the same. */
export const isEnter = ({ key, code, keyCode }: Readonly<{ key: string; code: string; keyCode: number }>): boolean =>
  key === 'Enter' || (keyCode === 229 && (code === 'Enter' || code === 'NumpadEnter'))

export const isLineBreak = ({ inputType, data }: Readonly<{ inputType: string; data: string | null }>): boolean =>
  inputType === 'insertLineBreak' || inputType === 'insertParagraph' || (inputType === 'insertText' && data === '\n')
