import { createChatModule } from '@bigtech/chat-service'
import {
  checkOwnAddress,
  createPartitionedChat,
  createLogBroker,
  createPartitionNetwork,
  createRedisFocus,
  createRedisTickets,
  createRemotePresenceBeats,
  createUserDirectory,
  type Chat,
} from '@bigtech/chat-service/adapters'
import { createServiceTokens, notEssential } from '@bigtech/http'
import { newId, systemClock } from '@bigtech/kernel'
import { systemRuntime } from '@bigtech/partition-log'
import { createLayeredBroker, createMemoryBroker } from '@bigtech/realtime'
import { createMetrics } from '@bigtech/telemetry'
import { StartupError } from '../../startup-error.ts'
import { chatOptions } from '../options.ts'
import type { MadeChat } from '../profile.ts'
import { openChatDatabase } from './chat-database.ts'
import { tellIdsInUse } from './ids-in-use.ts'
import { openIdempotency } from './idempotency.ts'
import type { Surroundings } from './surroundings.ts'

/** One of many processes that have the chats together: each writes some partitions of their log, and any takes what is asked. */
export async function makeChat(surroundings: Surroundings): Promise<MadeChat> {
  const { settings, instance, engines, peers, closers, isRevoked, tokens, calls } = surroundings
  const { bus, broker, redis, reach } = engines
  const { CHAT_PARTITIONS: partitions, CHAT_LOG_KEEP: keepMs = Infinity } = settings
  const logger = surroundings.logger.child({ service: 'chat-service' })
  const metrics = createMetrics('chat-service')
  const { replicaUrl: _none, onReplicaFailure: _nobody, ...mysql } = engines.mysql('chat_service')
  const chat = await openChatDatabase(reach, settings, {
    ...mysql,
    partitions,
    ownAddress: surroundings.ownAddress,
  })
  closers.push(() => chat.close())
  const { people, files, outbox, leases, prune } = chat
  const serviceTokens = createServiceTokens({ service: 'chat-service', secrets: settings.SERVICE_SECRET })
  const headers = () => ({ authorization: serviceTokens.authorization('chat-service') })
  const store = createPartitionedChat(
    {
      ...chat,
      bus,
      runtime: systemRuntime,
      onTrouble: seldom((what, error) => logger.warn({ err: error }, `${what} fails, and is tried again`)),
      metrics,
      broker: createLogBroker(broker, partitions),
      network: createPartitionNetwork<Chat>({
        addressOf: chat.coordination.addressOf,
        headers,
      }),
    },
    { node: `${instance}#${newId()}`, epoch: chat.identity.epoch, settings: { partitions, keepMs } },
  )
  closers.push(tellIdsInUse(peers.internal('user', 'chat-service'), () => people.highestId(), logger))
  const presence = createRemotePresenceBeats(peers.internal('user', 'chat-service'), {
    onTrouble: (error) => logger.warn({ err: error }, 'presence was not told'),
  })
  closers.push(() => presence.close())
  const blobs = await reach('S3', () => engines.blobs('chat'))
  const local = createMemoryBroker()
  const { addressOf } = chat.coordination
  const share: typeof store.share = {
    ...store.share,
    async start() {
      const { node } = store.share
      const others = async () => {
        const { nodes } = await chat.coordination.read()
        return new Map(nodes.filter((one) => one.node !== node).map((one) => [one.node, one.beat]))
      }
      await checkOwnAddress({ node, address: surroundings.ownAddress()!, others, addressOf, headers }).catch(
        (error: Error) => Promise.reject(new StartupError(error.message)),
      )
      await store.share.start()
    },
  }
  const module = createChatModule(
    {
      ...store,
      share,
      people,
      files,
      outbox,
      leases,
      prune,
      bus,
      broker: createLayeredBroker(local, broker),
      local,
      tokens,
      calls,
      logger,
      metrics,
      clock: systemClock,
      blobs,
      directory: createUserDirectory(peers.api('user')),
      presence,
      tickets: createRedisTickets(redis, isRevoked),
      focus: createRedisFocus(
        redis,
        systemClock,
        seldom((what, error) => logger.warn({ err: error }, what)).bind(null, 'what people look at is not known'),
      ),
      readiness: {
        ...chat.readiness,
        kafka: notEssential(async () => void (await bus.admin.topics())),
        redis: notEssential(() => redis.check()),
        s3: notEssential(() => blobs.check()),
      },
    },
    chatOptions(settings, instance),
  )
  const idempotency = await openIdempotency(surroundings, 'chat-service')
  return { module, logger, metrics, outbox, files, idempotency, partitions: () => store.node.status() }
}

const SELDOM_MS = 60_000

/** Of each kind the first, and no more than one in a minute. */
function seldom(tell: (what: string, error: unknown) => void): (what: string, error: unknown) => void {
  const told = new Map<string, number>()
  return (what, error) => {
    const now = performance.now()
    if (now - (told.get(what) ?? -Infinity) < SELDOM_MS) return
    told.set(what, now)
    tell(what, error)
  }
}
