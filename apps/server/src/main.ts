import { ConfigError } from '@bigtech/config'
import { MigrationError } from '@bigtech/sql'
import { createLogger } from '@bigtech/telemetry'
import { banner } from './banner.ts'
import { config, demoDataWanted, type Settings } from './config.ts'
import { seedDemoData } from './demo/seed.ts'
import { startServer } from './server.ts'
import { StartupError } from './startup-error.ts'

/** A shutdown that takes longer was hanging. */
const SHUTDOWN_LIMIT_MS = 4_500

const started = performance.now()
try {
  await run(config.parse(process.env))
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof StartupError || error instanceof MigrationError
  console.error(expected ? error.message : error)
  process.exit(1)
}

async function run(settings: Settings): Promise<void> {
  const logger = createLogger({
    level: settings.LOG_LEVEL,
    ...(settings.LOG_FILE ? { destination: settings.LOG_FILE } : {}),
  })
  const server = await startServer(settings, logger)

  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(130)
    stopping = true
    logger.info({ signal }, 'stopping')
    setTimeout(() => {
      logger.error('shutdown took too long')
      logger.flush()
      process.exit(1)
    }, SHUTDOWN_LIMIT_MS).unref()
    server.close().then(
      () => {
        logger.info('stopped')
        logger.flush()
        process.exit(0)
      },
      (error: unknown) => {
        logger.error({ err: error }, 'shutdown failed')
        logger.flush()
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('unhandledRejection', (error) => {
    logger.error({ err: error }, 'unhandled rejection')
    logger.flush()
    process.exit(1)
  })

  const demo = demoDataWanted(settings) ? await seedDemoData(server, settings, logger) : undefined
  console.log(banner(server.urls, demo, Math.round(performance.now() - started)))
  logger.info({ ms: Math.round(performance.now() - started) }, 'ready')
}
