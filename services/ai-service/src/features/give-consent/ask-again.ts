import type { Clock } from '@bigtech/kernel'
import type { Cloud, ConsentStore } from '../../ports.ts'

const PAGE = 200

export type AskAgainPorts = Readonly<{
  consents: Pick<ConsentStore, 'tellOfOutdated'>
  clouds: readonly Cloud[]
  clock: Clock
  notify(this: void): void
}>

/** Who agreed to older words is told that they have changed (`CareConsentsOutdated`), once for each change of them. */
export async function askAgain({ consents, clouds, clock, notify }: AskAgainPorts): Promise<void> {
  const hosts = clouds.map(({ host }) => host)
  for (;;) {
    const told = await consents.tellOfOutdated({ now: clock.now(), hosts, limit: PAGE })
    if (told > 0) notify()
    if (told < PAGE) return
  }
}
