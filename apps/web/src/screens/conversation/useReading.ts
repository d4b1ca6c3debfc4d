import type { RoomState } from '@bigtech/client'
import { onScopeDispose, ref, type Ref } from 'vue'
import { chat } from '../../app/chat.ts'
import { createReading, type SeenRow } from './reading.ts'

/** While something hides the log, or a picture is on its way, one looks again after so many ms. */
const AGAIN_MS = 400

/**
 * Reads mark themselves: what was on the screen, of a page that is visible, has been read, and nothing else. The server is told once
 * somebody looks at the page. Rows carry their seq in `data-row`; a row that is `aria-busy` shows nothing yet.
 */
export function useReading(
  room: () => RoomState,
  scroller: Readonly<Ref<HTMLElement | null>>,
  settled: Readonly<Ref<boolean>>,
) {
  const reading = createReading()
  /** The first message that was not read. */
  const next = ref(Math.max(room().read_seq, room().join_seq) + 1)
  let looking = 0
  let again: ReturnType<typeof setTimeout> | undefined

  /** With the next picture of the page: what is seen is what was drawn. */
  function look(): void {
    if (!looking) looking = requestAnimationFrame(lookNow)
  }

  function lookNow(): void {
    looking = 0
    clearTimeout(again)
    const { id, read_seq, join_seq, last_seq } = room()
    const known = Math.max(read_seq, join_seq)
    next.value = reading.upTo(known) + 1
    const area = scroller.value
    if (!area || !settled.value || last_seq < next.value || document.visibilityState !== 'visible') return
    const frame = area.getBoundingClientRect()
    const rows = isUncovered(area, frame) ? rowsOf(area, frame) : []
    reading.see(
      rows.filter(({ busy }) => !busy),
      frame.height,
    )
    if (rows.length === 0 || rows.some(({ busy }) => busy)) again = setTimeout(look, AGAIN_MS)
    next.value = reading.upTo(known) + 1
    if (next.value > known + 1 && document.hasFocus()) chat.sync.markRead(id, next.value - 1)
  }

  function rowsOf(area: HTMLElement, frame: DOMRect): (SeenRow & { busy: boolean })[] {
    return Array.from(area.querySelectorAll<HTMLElement>('[data-row]'), (row) => {
      const { top, bottom } = row.getBoundingClientRect()
      const busy = row.querySelector('[aria-busy="true"]') !== null
      return { seq: Number(row.dataset['row']), top: top - frame.top, bottom: bottom - frame.top, busy }
    }).filter(({ seq, top, bottom }) => seq >= next.value && bottom > 0 && top < frame.height)
  }

  document.addEventListener('visibilitychange', look)
  window.addEventListener('focus', look)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', look)
    window.removeEventListener('focus', look)
    cancelAnimationFrame(looking)
    clearTimeout(again)
  })
  return { look, next }
}

/** No dialog, picture or menu lies over the middle of it. */
function isUncovered(area: HTMLElement, frame: DOMRect): boolean {
  const hit = document.elementFromPoint(frame.left + frame.width / 2, frame.top + frame.height / 2)
  return hit !== null && area.contains(hit)
}
