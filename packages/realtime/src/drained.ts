import type { Duplex } from 'node:stream'

/** Resolves when the socket wants more or is closed; with false when neither happened for `timeoutMs`. */
export async function drained(socket: Duplex, timeoutMs: number): Promise<boolean> {
  if (!socket.writableNeedDrain || socket.destroyed) return true
  return new Promise((resolve) => {
    const end = (inTime: boolean) => {
      clearTimeout(timer)
      socket.off('drain', onEvent).off('close', onEvent)
      resolve(inTime)
    }
    const onEvent = () => end(true)
    const timer = setTimeout(() => end(false), timeoutMs)
    timer.unref()
    socket.on('drain', onEvent).on('close', onEvent)
  })
}
