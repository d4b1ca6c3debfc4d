import type { Message } from '@bigtech/client'
import { onScopeDispose, shallowRef } from 'vue'
import { client } from '../../app/client.ts'

/** Plays voice messages one after the other. */
export function createPlaylist() {
  const playing = shallowRef<Message>()
  let audio: HTMLAudioElement | undefined
  let turn = 0

  const stop = () => {
    turn++
    audio?.pause()
    audio = undefined
    playing.value = undefined
  }
  onScopeDispose(stop)

  /** Resolves when all have been heard, or it was stopped. @throws ApiError, NetworkError */
  async function play(messages: readonly Message[]): Promise<void> {
    stop()
    const mine = turn
    for (const message of messages) {
      const url = URL.createObjectURL(await client.files.download(message.file!.id))
      if (mine !== turn) return URL.revokeObjectURL(url)
      playing.value = message
      const voice = (audio = new Audio(url))
      await new Promise<void>((resolve) => {
        for (const end of ['ended', 'pause', 'error'] as const)
          voice.addEventListener(end, () => resolve(), { once: true })
        voice.play().catch(() => resolve())
      })
      URL.revokeObjectURL(url)
      if (mine !== turn) return
    }
    playing.value = undefined
  }
  return { playing, play, stop }
}
