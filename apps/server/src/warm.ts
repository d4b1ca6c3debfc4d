import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@bigtech/telemetry'
import { config } from './config.ts'
import { startServer } from './server.ts'

/**
 * Starts and stops an empty server once after an installation. It fills Node's compile cache (NODE_COMPILE_CACHE), so that already
 * the first real start needs neither the time nor the memory of stripping types.
 */
export async function warmUp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bigtech-warm-'))
  const anyPort = {
    GATEWAY_PORT: '0',
    USER_SERVICE_PORT: '0',
    FRIEND_SERVICE_PORT: '0',
    CHAT_SERVICE_PORT: '0',
    ANALYTICS_SERVICE_PORT: '0',
  }
  const server = await startServer(config.parse({ DATA_DIR: folder, ...anyPort }), createLogger({ level: 'silent' }))
  await server.close()
  rmSync(folder, { recursive: true, force: true })
}
