import type { BlobStore } from '@bigtech/files'
import type { Logger } from '@bigtech/telemetry'
import { advanceClosure, type ClosureInput, type ClosureSaga } from '../../domain/closure-saga.ts'
import { decideEndClosure } from '../../domain/decide-user.ts'
import { redactEvent } from '../../domain/user.ts'
import type { Stores, UserStore } from '../../ports.ts'
import type { Profiles } from '../../views/profiles.ts'
import { changeUser, type ChangeContext } from '../../access/change-user.ts'

export type AdvanceClosurePorts = ChangeContext &
  Readonly<{ store: UserStore; profiles: Profiles; blobs: BlobStore; logger: Logger }>

/** Gives a saga an input. Its step and the events it causes are one transaction; answers may come twice and in any order. */
export async function advance(ports: AdvanceClosurePorts, sagaId: string, input: ClosureInput): Promise<void> {
  const { store, clock, logger } = ports
  const ended = await store.transaction(async (tx) => {
    const saga = await tx.sagas.find(sagaId)
    if (!saga) return undefined
    const next = advanceClosure(saga, input, clock.now())
    if (next === saga) return undefined
    if (next.state === 'completed') await close(tx, ports, next)
    else {
      if (next.state === 'cancelled') await cancel(tx, ports, next)
      await tx.sagas.save(next)
    }
    return next.state === 'preparing' ? undefined : next
  })
  if (!ended) return
  await ports.profiles.forget(ended.user_id)
  logger.info(
    { event: `closure_${ended.state}`, user_id: ended.user_id, saga_id: ended.id, reason: ended.reason },
    'security: account closure ended',
  )
  if (ended.state === 'completed') await deleteOrphans(ports)
}

async function close(tx: Stores, ports: AdvanceClosurePorts, saga: ClosureSaga): Promise<void> {
  const { user_id } = saga
  const before = await tx.users.load(user_id)
  await changeUser(tx, ports, user_id, (user) => decideEndClosure(user, saga.id, { closed: true }))
  await tx.users.redact(user_id, (event) => redactEvent(user_id, event))
  await tx.credentials.remove(user_id)
  await tx.sessions.anonymize(user_id)
  await tx.relations.removeAll(user_id)
  await tx.sagas.save(saga, before?.user.image_key ?? null)
}

const cancel = (tx: Stores, ports: AdvanceClosurePorts, saga: ClosureSaga) =>
  changeUser(tx, ports, saga.user_id, (user) =>
    decideEndClosure(user, saga.id, { closed: false, reason: saga.reason ?? '' }),
  )

/** Deletes the images of closed accounts; a failure is tried again at the next turn or start. */
export async function deleteOrphans({ store, blobs, logger }: AdvanceClosurePorts): Promise<void> {
  for (const { saga_id, key } of await store.sagas.orphans()) {
    try {
      await blobs.delete(key)
      await store.sagas.forgetOrphan(saga_id)
    } catch (error) {
      logger.warn({ error, saga_id }, 'the image of a closed account could not be deleted yet')
    }
  }
}

/** Looks for deadlines that passed, and for what a killed process left undone. */
export async function tickClosures(ports: AdvanceClosurePorts): Promise<void> {
  for (const saga of await ports.store.sagas.preparing()) await advance(ports, saga.id, { type: 'tick' })
}
