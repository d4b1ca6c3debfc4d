import { ConfigError } from '@bigtech/config'
import { config } from './config.ts'
import { lookAtData } from './doctor/data.ts'
import { reportOf, type Finding } from './doctor/finding.ts'
import { lookAtMachine } from './doctor/machine.ts'
import { lookAtNetwork } from './doctor/network.ts'

/** `npm run doctor`: looks at everything that a server with these settings needs, beside one that runs or before there is one. Ends with 1 when something must be mended. */
const findings = await lookAtAll()
console.log(reportOf(findings))
process.exitCode = findings.some(({ level }) => level === 'bad') ? 1 : 0

async function lookAtAll(): Promise<Finding[]> {
  try {
    const settings = config.parse(process.env)
    const set: Finding = {
      level: 'ok',
      about: 'settings',
      says: `PROFILE=${settings.PROFILE}, NODE_ENV=${settings.NODE_ENV}`,
    }
    return [set, ...lookAtMachine(settings), ...(await lookAtData(settings)), ...(await lookAtNetwork(settings))]
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map((says): Finding => ({
      level: 'bad',
      about: 'settings',
      says,
      todo: 'docs/configuration.md',
    }))
  }
}
