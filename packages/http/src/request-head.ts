import type { IncomingMessage } from 'node:http'
import type { AppError } from '@bigtech/kernel'
import { commonErrors } from './common-errors.ts'

/**
 * Why a request is refused whose head Node takes: versions nobody speaks (an HTTP/0.9 request has no headers at all), and a host that is
 * named twice, of which a proxy before us may believe the other one.
 */
export function faultInHead({ httpVersion, headers, rawHeaders }: IncomingMessage): AppError | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return malformed(`HTTP/${httpVersion} is not spoken here`)
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]!.length === 4 && rawHeaders[at]!.toLowerCase() === 'host') hosts++
  return hosts > 1 || headers.host?.includes(',') ? malformed('more than one Host') : undefined
}

const malformed = (reason: string) => commonErrors.MALFORMED_REQUEST({ params: { reason } })
