/** Open loop: calls `send` as often as the rate says, on time however slow the server is, until `sending` is over. */
export function offer(perSecond: number, send: () => void, sending: () => boolean): void {
  const began = performance.now()
  let offered = 0
  const timer = setInterval(() => {
    if (!sending()) return clearInterval(timer)
    for (const due = ((performance.now() - began) / 1_000) * perSecond; offered < due; offered++) send()
  }, 1)
}
