import { join } from 'node:path'
import { perService, SERVICE_ROLES, type Role } from '@bigtech/server/roles'
import { freePort, spawnProgram, tempDir, type Cleanup, type Program } from '@bigtech/testkit'
import { distributedEnv, removeInstallation } from './distributed-server.ts'
import { MAIN, testEnv, type Urls } from './server.ts'

/** A process with one role, which can be ended and started again where it was. */
export type RoleProcess = Readonly<{
  name: string
  role: Role
  /** Its own port. */
  url: string
  program(): Program
  start(): Promise<void>
}>

export type DistributedProcesses = Readonly<{
  urls: Urls
  processes: readonly RoleProcess[]
  dataDir: string
  env: Readonly<Record<string, string>>
}>

export type DistributedOptions = {
  env?: Record<string, string>
  copies?: Partial<typeof COPIES>
  logsToFiles?: boolean
  /** Of a process of this tree; default a minute. */
  readyTimeoutMs?: number
  /** Starts a process with these settings, and is done when it is ready; by default of this tree. */
  run?: (t: Cleanup, env: Record<string, string>) => Promise<Program>
}

const COPIES = { user: 2, friend: 2, chat: 2, notification: 1, ai: 1, analytics: 1, gateway: 2 }

const runHere =
  (readyTimeoutMs: number): NonNullable<DistributedOptions['run']> =>
  (t, env) =>
    spawnProgram(t, { file: MAIN, env, ready: /Ready after/, readyTimeoutMs })

/**
 * The distributed profile as real processes: by default two of each service and of the gateway.
 */
export async function spawnDistributed(
  t: Cleanup,
  {
    env: more = {},
    copies: wanted = COPIES,
    logsToFiles = false,
    readyTimeoutMs = 60_000,
    run = runHere(readyTimeoutMs),
  }: DistributedOptions = {},
): Promise<DistributedProcesses> {
  const dataDir = tempDir(t)
  const env: Record<string, string> = { ...testEnv(dataDir), LOG_LEVEL: 'warn', ...distributedEnv(), ...more }
  const placed = await Promise.all(
    Object.entries({ ...COPIES, ...wanted }).flatMap(([role, copies]) =>
      Array.from({ length: copies }, async (_, n) => ({
        name: `${role}-${n + 1}`,
        role: role as keyof typeof COPIES,
        port: await freePort(),
        internal: await freePort(),
      })),
    ),
  )
  const at = (port: number) => `http://127.0.0.1:${port}`
  for (const service of SERVICE_ROLES) {
    const own = placed.filter(({ role }) => role === service)
    const upper = service.toUpperCase()
    env[`${upper}_SERVICE_URLS`] = own.map(({ port }) => at(port)).join()
    env[`${upper}_SERVICE_INTERNAL_URLS`] = own.map(({ internal }) => at(internal)).join()
  }
  const ends: (() => unknown)[] = []
  const scope: Cleanup = { after: (end) => void ends.push(end) }
  t.after(async () => {
    // The processes end before what they use.
    for (const end of ends) await end()
    await removeInstallation(env['INSTALLATION']!)
  })

  const processes = placed.map(({ name, role, port, internal }): RoleProcess => {
    let program: Program | undefined
    const upper = role.toUpperCase()
    return {
      name,
      role,
      url: at(port),
      program: () => program!,
      async start() {
        program = await run(scope, {
          ...env,
          ROLES: role,
          NODE_ID: name,
          ...(logsToFiles ? { LOG_FILE: join(dataDir, `${name}.log`) } : {}),
          ...(role === 'gateway'
            ? { GATEWAY_PORT: String(port) }
            : { [`${upper}_SERVICE_PORT`]: String(port), [`${upper}_SERVICE_INTERNAL_PORT`]: String(internal) }),
        })
      },
    }
  })
  await Promise.all(processes.map((each) => each.start()))
  const first = (role: Role) => processes.find((each) => each.role === role)!.url
  const urls = { ...perService(first), gateway: first('gateway') }
  return { urls, processes, dataDir, env }
}
