import { pidsOf, startDistributedProduct } from '../harness/distributed.ts'
import { startGenerator } from '../harness/generator.ts'
import { json } from '../harness/http.ts'
import { startProduct } from '../harness/product.ts'
import { portOf } from '../harness/sides.ts'
import type { Running, Workload } from '../harness/workload.ts'
import type { PathsConfig } from '../load/paths.ts'

const PEOPLE = 16

/** Registers people and makes a direct room for every two of them, through the gateway. */
async function makePeople(gateway: string): Promise<PathsConfig['people']> {
  const api = `${gateway}/api`
  const accounts = await Promise.all(
    Array.from({ length: PEOPLE + 1 }, async (_, n) => {
      const [email, password] = [`paths${n}@example.com`, 'Bench1234!x']
      const { id } = await json('POST', `${api}/auth/register`, undefined, { email, password, username: `paths${n}` })
      const { access_token } = await json('POST', `${api}/auth/login/json`, undefined, { email, password })
      return { id: Number(id), token: String(access_token) }
    }),
  )
  const stranger = accounts.pop()!
  const people: PathsConfig['people'][number][] = []
  for (let i = 0; i < accounts.length; i += 2) {
    const [a, b] = [accounts[i]!, accounts[i + 1]!]
    const room = await json('POST', `${api}/chat-rooms`, a.token, { type: 'direct', user_id: b.id })
    const shared = { room_id: Number(room['id']), stranger_id: stranger.id }
    people.push({ ...a, ...shared, other_id: b.id }, { ...b, ...shared, other_id: a.id })
  }
  return people
}

async function underLoad(server: {
  gateway: string
  pids: readonly number[]
  stop(): Promise<void>
}): Promise<Running> {
  const people = await makePeople(server.gateway)
  const config: PathsConfig = { serverPid: server.pids, port: portOf(server.gateway), people }
  const generator = await startGenerator('paths.ts', config)
  return {
    measure: (options) => generator.measure(options),
    async stop() {
      await generator.stop()
      await server.stop()
    },
  }
}

export const workloads: readonly Workload[] = [
  {
    name: 'profiles',
    title: 'HTTP paths through the gateway on both profiles, 16 people in closed loop (needs npm run stack -- up)',
    sides: [
      {
        name: 'distributed',
        async start() {
          const product = await startDistributedProduct()
          return underLoad({ ...product, pids: pidsOf(product) })
        },
      },
      {
        name: 'embedded',
        async start() {
          const product = await startProduct()
          return underLoad({ gateway: product.urls.gateway, pids: [product.pid], stop: () => product.stop() })
        },
      },
    ],
    goals: [],
  },
]
