import type { Cleanup } from '@bigtech/testkit'
import { startPushService } from '@bigtech/notification-service/testing'
import type { Person as Account } from '../../support/index.ts'
import { factsOf } from '../checker/facts.ts'
import { checkPushes } from '../checker/pushes.ts'
import type { Device, PushFact, Told } from '../history/effects.ts'
import type { Recorder } from '../history/recorder.ts'
import type { Round } from '../history/types.ts'
import { until } from './calm.ts'

/** The push service of a run and the devices behind it, which decrypt what comes. */
export type Devices = Awaited<ReturnType<typeof createDevices>>

export async function createDevices(t: Cleanup, recorder: Recorder) {
  const pushes: PushFact[] = []
  let publicKey = ''
  const service = await startPushService(t, () => publicKey, {
    took({ device, payload: { tag, kind, at, link } }) {
      const room = /^room:(\d+)$/.exec(tag)?.[1]
      const seq = room === undefined ? undefined : /\?at=(\d+)$/.exec(link)?.[1]
      const place = { room: room === undefined ? null : Number(room), seq: seq === undefined ? null : Number(seq) }
      pushes.push({ n: recorder.tick(), device, kind, tag, at, ...place })
    },
  })
  return {
    /** A device of theirs is told from now on. */
    async add(account: Account, { name, refused = [] }: Pick<Device, 'name'> & Partial<Device>): Promise<Device> {
      publicKey ||= (await account.get<{ public_key: string }>('/notifications/vapid-key')).public_key
      await account.put('/notifications/subscriptions', { ...service.subscribe(name), device: name })
      return { name, user: account.id, refused }
    },
    /** All that came so far, in that order. */
    pushes: (): readonly PushFact[] => pushes,
  }
}

/** What the devices of a round were told, once nothing is missing any more. What a process that is no more had begun is taken over half a minute later. */
export function toldDevices(
  round: Round,
  about: Omit<Told, 'pushes'>,
  { devices, patience }: { devices: Devices; /** seconds */ patience: number },
): Promise<Told> {
  const names = new Set(about.devices.map(({ name }) => name))
  const look = async (): Promise<Told> => ({
    ...about,
    pushes: devices.pushes().filter(({ device }) => names.has(device)),
  })
  const isWhole = (told: Told) =>
    !checkPushes(factsOf({ ...round, calm: { ...round.calm, told } })).some(({ kind }) => kind === 'effect-missing')
  return until(look, isWhole, patience * 1_500)
}
