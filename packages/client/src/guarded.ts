/** A fault of a listener is its own: it must neither stop us nor be lost. */
export function guarded(listener: () => void): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
