import { onScopeDispose, shallowRef } from 'vue'
import { settings } from '../../app/settings.ts'
import { atRest, isEnter, isHangul, isLineBreak, step, type Act, type Happening } from './composition.ts'

/**
 * Listeners of a field in which Enter sends what is written, complete and once, whatever input method writes it.
 * @param always whether Enter does so at the moment though the settings make lines with it
 */
export function useEnter(send: () => void, always: () => boolean = () => false) {
  const composing = shallowRef(false)
  let state = atRest
  /** Whether Enter means “send”, as it was pressed last. A phone may add a line without telling of a key. */
  const meansSend = (): boolean => settings.enterSends || always()
  let sends = meansSend()
  let resting: ReturnType<typeof setTimeout> | undefined

  function feed(happening: Happening, event?: Event): void {
    let act: Act
    ;[state, act] = step(state, happening)
    composing.value = state.composed !== null
    if (act.swallow) event?.preventDefault()
    if (act.later) resting = setTimeout(() => feed({ type: 'rest' }))
    if (act.send) {
      clearTimeout(resting)
      send()
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    const { isComposing, keyCode, shiftKey, ctrlKey, metaKey, repeat } = event
    const enter = isEnter(event)
    // The next line break comes of this key, or of none.
    sends = enter ? !shiftKey && (meansSend() || ctrlKey || metaKey) : meansSend()
    feed({ type: 'keydown', enter, composing: isComposing, toMethod: keyCode === 229, sends, repeat }, event)
  }

  function onBeforeInput(event: InputEvent): void {
    if (isLineBreak(event)) feed({ type: 'linebreak', sends }, event)
  }

  onScopeDispose(() => clearTimeout(resting))
  return {
    /** An input method still holds a part of the text. */
    composing,
    /** What is composed may have candidates, among which the input method's own keys choose: it is not Hangul. */
    hasCandidates: (): boolean => !!state.composed && !isHangul(state.composed),
    listeners: {
      keydown: onKeyDown,
      keyup: (event: KeyboardEvent) => isEnter(event) && feed({ type: 'keyup' }),
      beforeinput: onBeforeInput,
      compositionstart: () => feed({ type: 'compositionstart' }),
      compositionupdate: ({ data }: CompositionEvent) => feed({ type: 'compositionupdate', data }),
      compositionend: ({ data }: CompositionEvent) => feed({ type: 'compositionend', data }),
      input: () => feed({ type: 'input' }),
    },
  }
}
