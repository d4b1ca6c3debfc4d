import { createClient } from '@bigtech/client'
import { PASSWORD, type Person, type Urls } from '../support/index.ts'

/** Somebody who only listens, with the SDK, and remembers every text that came. */
export type Listener = Readonly<{
  /** Those of these texts that have not come. */
  lacks(texts: readonly string[]): string[]
  close(): void
}>

/** @returns once the room is shown to them; what is sent from now on has to come */
export async function startListening({ gateway }: Urls, { email }: Person, roomId: number): Promise<Listener> {
  const client = createClient({ baseUrl: gateway })
  await client.auth.login(email, PASSWORD)
  const heard = new Set<string>()
  const sync = client.sync()
  // What a resume does not tell is read again by pages: in both cases it is shown.
  sync.subscribe(({ rooms }) => {
    for (const { content } of rooms.get(roomId)?.window?.messages.slice(-300) ?? []) heard.add(content)
  })
  await sync.ready({ timeoutMs: 20_000 })
  await sync.openRoom(roomId, { timeoutMs: 20_000 })
  return { lacks: (texts) => texts.filter((text) => !heard.has(text)), close: () => sync.close() }
}
