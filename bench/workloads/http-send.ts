import { createPairs } from '../harness/pairs.ts'
import { portOf, startProductSide, startRawSide } from '../harness/sides.ts'
import type { Running, Workload } from '../harness/workload.ts'
import type { HttpSendConfig } from '../load/http-send.ts'

const CONNECTIONS = 100

type Config = Omit<HttpSendConfig, 'serverPid'>

const startProductSend = (): Promise<Running> =>
  startProductSide(CONNECTIONS * 2, 'http-send.ts', async ({ urls }, accounts) => {
    const pairs = await createPairs(urls.chat, accounts)
    const senders = pairs.map(({ room_id, a }) => ({ room_id, token: a.token }))
    return { port: portOf(urls.chat), senders } satisfies Config
  })

const startRawSend = (): Promise<Running> =>
  startRawSide('fastify-post.ts', [`${CONNECTIONS}`], 'http-send.ts', ({ port, ready }) => {
    const senders = (ready['tokens'] as string[]).map((token, i) => ({ room_id: i + 1, token }))
    return { port, senders } satisfies Config
  })

export const workloads: readonly Workload[] = [
  {
    name: 'http-send',
    title: 'POST /messages/{room} over 100 keep-alive connections, closed loop',
    sides: [
      { name: 'product', start: startProductSend },
      { name: 'raw', start: startRawSend },
    ],
    goals: [{ figure: 'requests_per_s', of: 'raw', atLeast: 0.4 }],
  },
]
