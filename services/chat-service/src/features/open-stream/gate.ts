/**
 * Lets a few through in each turn of the event loop and the others in later ones, in the order they came. When everybody
 * reconnects at once, messages of those who are back are served between the turns.
 */
export function createGate(perTurn: number): () => Promise<void> {
  let waiting: (() => void)[] = []
  let next = 0
  let passed = 0
  let scheduled = false

  const schedule = () => {
    if (scheduled) return
    scheduled = true
    setImmediate(turn)
  }
  const turn = () => {
    scheduled = false
    for (passed = 0; passed < perTurn && next < waiting.length; passed++) waiting[next++]!()
    if (next === waiting.length) {
      waiting = []
      next = 0
    }
    if (passed > 0) schedule()
  }

  return () => {
    schedule()
    if (waiting.length === 0 && passed < perTurn) {
      passed++
      return Promise.resolve()
    }
    return new Promise((resolve) => waiting.push(resolve))
  }
}
