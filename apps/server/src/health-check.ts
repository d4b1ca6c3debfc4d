import { get } from 'node:http'
import { config } from './config.ts'
import { healthAddresses } from './health-addresses.ts'

/**
 * What a container is asked for whether it lives: /health of each service that its process is, by the settings of that process. Ends with 1 and
 * says which of them does not answer. Not /ready: a restart does not bring back an engine, and all processes would be restarted for one.
 */
const LIMIT_MS = 4_000

for (const address of healthAddresses(config.parse(process.env))) {
  const fail = (reason: string) => {
    console.error(`${address}: ${reason}`)
    process.exitCode = 1
  }
  const request = get(address, { agent: false, signal: AbortSignal.timeout(LIMIT_MS) }, (answer) => {
    answer.resume()
    if (answer.statusCode !== 200) fail(`answered ${answer.statusCode}`)
  })
  request.on('error', (error) => fail(error.message))
}
