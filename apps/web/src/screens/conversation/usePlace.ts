import type { VListHandle } from 'virtua/vue'
import { nextTick, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

/**
 * What the log holds on to: its end, or a row, whose top stands so many px below the top of the log. Rows have no height before they
 * are drawn, and grow later: whatever is held is put back where it belongs each time.
 */
export type Hold = 'end' | RowHold
export type RowHold = { key: string; top: (size: number, height: number) => number }

type Ports = {
  list: Readonly<Ref<VListHandle | null>>
  scroller: Readonly<Ref<HTMLElement | null>>
  indexOf: (key: string) => number
  /** The log moved, or what stands in it. Not while its rows are being put in their places. */
  onMoved: () => void
}

/** Rounding of positions, in px. */
const SLACK_PX = 2
/** After so many pictures of the page whatever still moves is no longer waited for. */
const PATIENCE_FRAMES = 90
const MOVING_KEYS = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' ', 'Tab'])

/** Keeps the log where it is meant to be until its user moves it. */
export function usePlace({ list, scroller, indexOf, onMoved }: Ports) {
  /** False while rows are measured: what stands on the screen then is not where it belongs. */
  const settled = ref(false)
  /** A person moves the log, not we. */
  const moving = shallowRef(false)
  let held: Hold | undefined
  let placedAt = 0
  let changed = false
  let run = 0
  let rest: ReturnType<typeof setTimeout> | undefined

  /** px below what is seen */
  const below = (): number => {
    const area = scroller.value
    return area ? area.scrollHeight - area.clientHeight - area.scrollTop : 0
  }

  function target(area: HTMLElement, hold: Hold): number | undefined {
    const view = list.value
    if (!view) return undefined
    // A tall row that is not measured yet hangs over the end of the list. Down there the list knows of no rows, and draws none.
    const end = Math.max(0, Math.min(area.scrollHeight, view.scrollSize) - area.clientHeight)
    if (hold === 'end') return end
    const index = indexOf(hold.key)
    if (index < 0) return undefined
    const top = hold.top(view.getItemSize(index), area.clientHeight)
    return Math.max(0, Math.min(end, Math.round(view.getItemOffset(index) - top)))
  }

  /** @returns whether it stood where it belongs */
  function place(): boolean {
    const area = scroller.value
    const to = area && held ? target(area, held) : undefined
    if (!area || to === undefined) return true
    const stood = Math.abs(area.scrollTop - to) <= SLACK_PX
    if (!stood) area.scrollTo({ top: to, behavior: 'instant' })
    placedAt = area.scrollTop
    return stood
  }

  /** Rows that are drawn for the first time are hidden until their height is known. */
  function measured(): boolean {
    const rows = scroller.value?.firstElementChild?.children ?? []
    return list.value!.viewportSize > 0 && ![...rows].some((row) => (row as HTMLElement).style.visibility === 'hidden')
  }

  async function settle(): Promise<void> {
    const mine = ++run
    settled.value = false
    for (let still = 0, frame = 0; still < 2 && frame < PATIENCE_FRAMES; frame++) {
      await nextFrame()
      if (mine !== run || !scroller.value) return
      still = place() && measured() ? still + 1 : 0
    }
    settled.value = true
    onMoved()
  }

  /** From now on this is held. @returns once it stands where it belongs */
  function hold(what: Hold): Promise<void> {
    held = what
    place()
    return settle()
  }

  /** The same, for what moves only a little: the end, when something was added there. */
  function follow(what: Hold): void {
    held = what
    place()
  }

  function release(): void {
    held = below() <= SLACK_PX ? 'end' : undefined
    if (settled.value) return
    run++
    settled.value = true
  }

  async function onResize(): Promise<void> {
    changed = true
    await nextTick()
    changed = false
    place()
    if (settled.value) onMoved()
  }

  function onScroll(): void {
    const area = scroller.value
    if (!area) return
    // Ours, or one that is put right at once.
    const byOthers = !changed && Math.abs(area.scrollTop - placedAt) > SLACK_PX
    if (byOthers && settled.value) {
      release()
      moving.value = true
      clearTimeout(rest)
      rest = setTimeout(() => (moving.value = false), 1_500)
    }
    placedAt = area.scrollTop
    if (settled.value) onMoved()
  }

  const byHand = () => release()
  const onKey = ({ key }: KeyboardEvent) => void (MOVING_KEYS.has(key) && release())
  /** The bar at the side belongs to the log itself; a click on a row moves nothing. */
  const onPointer = ({ target: hit }: PointerEvent) => void (hit === scroller.value && release())
  watch(scroller, (area) => {
    area?.addEventListener('wheel', byHand, { passive: true })
    area?.addEventListener('touchmove', byHand, { passive: true })
    area?.addEventListener('keydown', onKey)
    area?.addEventListener('pointerdown', onPointer)
  })
  onScopeDispose(() => {
    run++
    clearTimeout(rest)
  })

  return {
    settled,
    moving,
    below,
    hold,
    follow,
    release,
    onResize,
    onScroll,
    unsettle: () => void (run++, (settled.value = false)),
  }
}

export const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve))
