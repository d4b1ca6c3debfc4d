import type { Invitation } from '@bigtech/client'
import { shallowRef, watch } from 'vue'
import { chat } from './chat.ts'
import { client } from './client.ts'
import { attempt } from './errors.ts'
import { session } from './session.ts'

/** Groups one is asked back to, kept current: each `invitation` frame says that they changed. */
export const invitations = shallowRef<readonly Invitation[]>([])

export async function loadInvitations(): Promise<void> {
  // Unanswered, the list stays as it was; the next stream asks again.
  const answer = await client.rooms.invitations().catch(() => undefined)
  if (answer) invitations.value = answer.items
}

chat.onFrame((frame) => {
  // What happened while the stream was away is not told again.
  if (frame.type === 'invitation' || frame.type === 'hello') void loadInvitations()
})
watch(
  () => session.status,
  (status) => {
    if (status === 'out') invitations.value = []
  },
)

/** @returns whether it was taken */
export async function answerInvitation(roomId: number, yes: boolean): Promise<boolean> {
  const { acceptInvitation, declineInvitation } = client.rooms
  const done = await attempt(async () => {
    await (yes ? acceptInvitation(roomId) : declineInvitation(roomId))
    return true
  })
  await loadInvitations()
  return done === true
}
