import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError } from '@bigtech/config'
import { collectStartupGarbage } from '@bigtech/kernel/startup-garbage'
import { MigrationError } from '@bigtech/sql'
import { createLogger, type RootLogger } from '@bigtech/telemetry'
import { banner, processBanner } from './banner.ts'
import { config, demoDataWanted, type Settings } from './config.ts'
import { seedDemoData, type CallService } from './demo/seed.ts'
import { startServer, type Server } from './server.ts'
import { SHUTDOWN_LIMIT_MS, SHUTDOWN_WITH_ENGINES_LIMIT_MS } from './shutdown-limits.ts'
import { lowerBackgroundPriority } from './thread-priority.ts'
import { StartupError } from './startup-error.ts'
import { exposureOf } from './tls/exposure.ts'
import { warmUp } from './warm.ts'

const ECHO_MS = 500

const started = performance.now()
/** Whoever started this process over a channel (`npm run start:distributed`) is missed when it dies: nobody else would end it. */
const hasLauncher = process.connected
try {
  if (process.argv.includes('--warm')) await warmUp()
  else await run(config.parse(process.env))
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof StartupError || error instanceof MigrationError
  console.error(expected ? error.message : error)
  process.exitCode = 1
  // Nothing runs any more, and the log file may still be about to be opened: ending at once would be a fault of its own.
  setTimeout(() => process.exit(1), 2_000).unref()
}

async function run(settings: Settings): Promise<void> {
  // In a terminal the table below should stay readable; anything that collects output gets the log lines.
  const logFile = settings.LOG_FILE ?? (process.stdout.isTTY ? join(settings.DATA_DIR, 'server.log') : undefined)
  const logger = createLogger({
    level: settings.LOG_LEVEL,
    ...(logFile ? { destination: logFile, maxBytes: settings.LOG_FILE_SIZE } : {}),
  })
  process.on('unhandledRejection', (error) => {
    logger.error({ err: error }, 'unhandled rejection')
    logger.flush()
    process.exit(1)
  })
  if (settings.PROFILE === 'distributed') return runProcess(settings, logger, logFile)
  const server = await startServer(settings, logger, { acceptLoss: process.argv.includes('--accept-loss') })
  let seeding: Promise<unknown> = Promise.resolve()
  const close = async () => {
    // Its call that is under way is not cut off in the middle.
    await seeding.catch(() => undefined)
    await server.close()
  }
  const stopping = stopOnSignals({ ...server, close }, logger, settings.SHUTDOWN_DELAY, SHUTDOWN_LIMIT_MS)
  const demoData = makeDemoData(server, settings, logger, stopping)
  seeding = demoData
  const demo = await demoData
  await Promise.race([server.https.settled, once(stopping, 'abort')])
  if (stopping.aborted) return
  const ms = Math.round(performance.now() - started)
  const exposure = exposureOf(settings)
  const httpsUrl = server.https.port() === undefined ? undefined : server.https.url()
  console.log(banner(server.urls, { demo, logFile, ms, httpsUrl, warnings: [...exposure, ...server.https.warnings()] }))
  for (const warning of exposure) logger.warn(warning)
  logger.info({ ms }, 'ready')
  await lowerBackgroundPriority(logger)
  await collectStartupGarbage()
  if (demo) await tellPast(server, settings)
}

/** One process of the distributed profile, with the roles it has. */
async function runProcess(settings: Settings, logger: RootLogger, logFile: string | undefined): Promise<void> {
  const { startProcess } = await import('./process.ts')
  const running = await startProcess(settings, logger)
  stopOnSignals(running, logger, settings.SHUTDOWN_DELAY, SHUTDOWN_WITH_ENGINES_LIMIT_MS)
  const ms = Math.round(performance.now() - started)
  console.log(processBanner(running, { logFile, ms }))
  logger.info({ ms, roles: Object.keys(running.urls) }, 'ready')
}

async function makeDemoData(server: Server, settings: Settings, logger: RootLogger, stopping: AbortSignal) {
  if (!demoDataWanted(settings)) return undefined
  try {
    return await seedDemoData(callServicesOf(server), settings, logger, stopping)
  } catch (error) {
    // The next start goes on with it.
    if (!stopping.aborted) throw error
    logger.info('demo data interrupted')
    return undefined
  }
}

/** A month of statistics, once. They are told in the background: whoever looks at the chats does not wait for them. */
async function tellPast({ profile }: Server, { DATA_DIR }: Settings): Promise<void> {
  const marker = join(DATA_DIR, 'demo-statistics.json')
  if (existsSync(marker)) return
  const { pastOf } = await import('./demo/past.ts')
  const now = Date.now()
  // Told again after a kill, on the same day, nothing counts twice.
  void profile.services.analytics.module.takePast(pastOf(now)).then(
    () => {
      writeFileSync(marker, JSON.stringify({ before: new Date(now).toISOString() }))
      return collectStartupGarbage()
    },
    (error: unknown) =>
      profile.services.analytics.logger.warn({ err: error }, 'the demo has no past in the statistics'),
  )
}

function callServicesOf({ apps }: Server): CallService {
  return async (service, call) => {
    const { statusCode, body } = await apps[service].inject(call)
    return { status: statusCode, body }
  }
}

/** @returns aborted by the first signal to stop */
function stopOnSignals(
  server: Pick<Server, 'announceEnd' | 'close' | 'ending'>,
  logger: RootLogger,
  delayMs: number,
  limitMs: number,
): AbortSignal {
  const stopping = new AbortController()
  let stoppingSince: number | undefined
  const exit = (code: number) => {
    logger.flush()
    process.exit(code)
  }
  const stop = (signal: NodeJS.Signals) => {
    // A Ctrl-C reaches this process from the terminal and once more from npm; one of a person comes later and means: at once.
    if (stoppingSince !== undefined && performance.now() - stoppingSince > ECHO_MS) exit(130)
    if (stoppingSince !== undefined) return
    const since = performance.now()
    stoppingSince = since
    stopping.abort()
    logger.info({ signal }, 'stopping')
    setTimeout(() => {
      logger.error({ ...server.ending() }, 'shutdown took too long')
      exit(1)
    }, delayMs + limitMs).unref()
    server.announceEnd()
    void sleep(delayMs)
      .then(() => server.close())
      .then(
        () => {
          const ms = Math.round(performance.now() - since)
          logger.info({ ms, ...server.ending() }, 'stopped')
          exit(0)
        },
        (error: unknown) => {
          logger.error({ err: error }, 'shutdown failed')
          exit(1)
        },
      )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  if (hasLauncher && !process.connected) stop('SIGTERM')
  else if (hasLauncher) process.once('disconnect', () => stop('SIGTERM'))
  return stopping.signal
}
