import { nextTick, onScopeDispose, toValue, watch, type MaybeRefOrGetter } from 'vue'

/**
 * What lies over a screen: details, a picture, a dialog, a menu. “Back” and Escape close the topmost, and the focus returns to where it
 * was. While something is open, the history has as many entries above that of the screen, with its address; the router never hears of
 * them. What is closed otherwise leaves its entry behind for the next one: “back” passes over it, and no place one goes to follows it.
 */
type Layer = { close: () => void }

const stack: Layer[] = []
/** The router's number of the entry that the layers lie over. */
let place = positionOf(history.state)
/** Entries of layers below and at the current one. */
let depth = depthOf(history.state)
/** A step back to the entry of the screen that the browser has not told of yet. */
let leaving: { done: Promise<void>; end: () => void } | undefined
let settling: ReturnType<typeof setTimeout> | undefined

function positionOf(state: unknown): number | undefined {
  return (state as { position?: number } | null)?.position
}
function depthOf(state: unknown): number {
  return (state as { layers?: number } | null)?.layers ?? 0
}

/** Gives each layer an entry. One that gives way to another needs none: this waits until both have happened. */
function settleSoon(): void {
  clearTimeout(settling)
  settling = setTimeout(() => {
    while (depth < stack.length) history.pushState({ ...history.state, layers: ++depth }, '')
  })
}

function closeDownTo(rest: number): void {
  for (const layer of stack.slice(rest).toReversed()) layer.close()
}

// This module is loaded before the router listens, and hears of a step first.
addEventListener(
  'popstate',
  (event) => {
    if (positionOf(event.state) !== place) return closeDownTo(0)
    event.stopImmediatePropagation()
    const before = depth
    depth = depthOf(event.state)
    if (leaving) {
      leaving.end()
      leaving = undefined
    } else if (depth < before && stack.length > depth) {
      closeDownTo(depth)
      // One that did not close has its entry again.
      settleSoon()
    } else if (depth < before) {
      // Passed over what was left behind: the step is still due.
      history.go(stack.length - 1 - depth)
    }
  },
  { capture: true },
)

addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || event.keyCode === 229) return
  const top = stack.at(-1)
  if (!top) return
  event.preventDefault()
  top.close()
})

/** Before the page goes elsewhere: nothing lies over the next screen, and no entry of a layer stays behind it. */
export async function leaveLayers(): Promise<void> {
  closeDownTo(0)
  await nextTick()
  clearTimeout(settling)
  // After a step through the history one is at an entry of a screen already.
  const surplus = positionOf(history.state) === place ? depth : 0
  if (surplus === 0) return
  if (!leaving) {
    const { promise, resolve } = Promise.withResolvers<void>()
    leaving = { done: promise, end: resolve }
    history.go(-surplus)
  }
  await leaving.done
}

/** The router tells where it arrived. */
export function arrived(): void {
  place = positionOf(history.state)
  depth = depthOf(history.state)
}

/** A layer as long as `open` holds, at most as long as the component. */
export function useLayer(open: MaybeRefOrGetter<boolean>, close: () => void): void {
  const layer: Layer = { close }
  let opener: Element | null = null

  function end(): void {
    const index = stack.indexOf(layer)
    if (index < 0) return
    stack.splice(index, 1)
    void nextTick(() => giveBack(opener))
  }
  watch(
    () => toValue(open),
    (now) => {
      if (!now) return end()
      opener = document.activeElement
      stack.push(layer)
      settleSoon()
    },
    { immediate: true, flush: 'sync' },
  )
  onScopeDispose(end)
}

/** Where the focus was lost with the layer, it goes to what had it before, else to the screen. */
function giveBack(opener: Element | null): void {
  const { activeElement, body } = document
  if (activeElement && activeElement !== body) return
  const target = opener?.isConnected && opener !== body ? opener : document.getElementById('main')
  if (target instanceof HTMLElement) target.focus({ preventScroll: true })
}
