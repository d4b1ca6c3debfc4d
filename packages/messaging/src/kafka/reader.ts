import { answered, connectionOf, type Context, type Driver } from './driver.ts'

const WAIT_MS = 500
const PAGE_BYTES = 4 * 1024 * 1024

/** Reads a partition for operators and the dead-letter queue, outside of any group. */
export function createReader({ driver, settings }: Context) {
  let client: Driver.Consumer | undefined
  let turn = 0
  const open = (): Driver.Consumer => {
    const opened = new driver.Consumer({
      ...connectionOf(settings, turn++),
      groupId: `${settings.clientId}-reader`,
      retries: 3,
    })
    opened.on('error', () => {})
    return opened
  }
  // The driver keeps a session with each broker: one question after the other.
  let asking: Promise<unknown> = Promise.resolve()

  const fetch = async (topic: string, partition: number, offset: number): Promise<Driver.RecordsBatch[]> => {
    client ??= open()
    client.topics.clear()
    client.topics.track(topic)
    const { topics } = await client.metadata({ topics: [topic] })
    const { id, partitions } = topics.get(topic)!
    const answer = await client.fetch({
      node: partitions[partition]!.leader,
      maxWaitTime: WAIT_MS,
      topics: [
        {
          topicId: id,
          partitions: [
            {
              partition,
              fetchOffset: BigInt(offset),
              partitionMaxBytes: PAGE_BYTES,
              currentLeaderEpoch: -1,
              lastFetchedEpoch: -1,
            },
          ],
        },
      ],
    })
    return answer.responses.flatMap((each) =>
      each.topicId === id ? each.partitions.flatMap(({ records }) => records ?? []) : [],
    )
  }

  return {
    batches(topic: string, partition: number, offset: number): Promise<Driver.RecordsBatch[]> {
      const result = asking.then(() => answered(fetch(topic, partition, offset), settings.timeoutMs))
      asking = result.catch(() => {
        client?.close(true).catch(() => {})
        client = undefined
      })
      return result
    },
    async close(): Promise<void> {
      await client?.close(true).catch(() => {})
    },
  }
}
