import { onScopeDispose, ref } from 'vue'

/** ms a finger rests until it means the menu */
const LONG_PRESS_MS = 450
/** px a finger may tremble */
const SLACK_PX = 10
/** px to the left that mean “reply” */
const REPLY_PX = 56
const FARTHEST_PX = 76
/** What is dragged or pressed for itself. */
const OWN_GESTURES = 'input, textarea, [role="slider"], [role="menu"], dialog'

/** What fingers and the right button do on a message: resting or the right button opens its menu, a stroke to the left replies. */
export function useRowTouch(act: { menu: (at: { x: number; y: number }) => void; reply: () => void }) {
  /** px the row follows the finger */
  const offset = ref(0)
  let start: { id: number; x: number; y: number } | undefined
  let resting: ReturnType<typeof setTimeout> | undefined
  /** This touch opened the menu: its end is no click. */
  let opened = false

  function end(): void {
    clearTimeout(resting)
    start = undefined
    offset.value = 0
  }
  onScopeDispose(end)

  const isOwn = (event: Event): boolean =>
    event.target instanceof Element && event.target.closest(OWN_GESTURES) !== null

  return {
    offset,
    listeners: {
      pointerdown(event: PointerEvent) {
        end()
        opened = false
        if (event.pointerType !== 'touch' || !event.isPrimary || isOwn(event)) return
        const { clientX: x, clientY: y, pointerId: id } = event
        start = { id, x, y }
        resting = setTimeout(() => {
          opened = true
          end()
          navigator.vibrate?.(10)
          act.menu({ x, y })
        }, LONG_PRESS_MS)
      },
      pointermove({ pointerId, clientX, clientY }: PointerEvent) {
        if (!start || start.id !== pointerId) return
        const [across, down] = [clientX - start.x, clientY - start.y]
        if (Math.hypot(across, down) > SLACK_PX) clearTimeout(resting)
        // Upwards and downwards the browser scrolls, and takes the touch from us.
        offset.value = across < -SLACK_PX ? Math.max(-FARTHEST_PX, across + SLACK_PX) : 0
      },
      pointerup() {
        const far = offset.value <= SLACK_PX - REPLY_PX
        end()
        if (far) act.reply()
      },
      pointercancel: end,
      touchend(event: TouchEvent) {
        if (opened) event.preventDefault()
        opened = false
      },
      contextmenu(event: MouseEvent) {
        if (isOwn(event)) return
        const touch = (event as PointerEvent).pointerType === 'touch'
        const selected = !touch && getSelection()?.isCollapsed === false
        const link = !touch && event.target instanceof Element && event.target.closest('a') !== null
        // What is selected, and links, have the browser's own menu.
        if (selected || link) return
        event.preventDefault()
        if (!touch) act.menu({ x: event.clientX, y: event.clientY })
      },
    },
  }
}
