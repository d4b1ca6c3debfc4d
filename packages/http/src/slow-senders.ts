import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { commonErrors } from './common-errors.ts'
import { endWithProblem } from './upgrade.ts'

/** ms a request may take to arrive; an upload that keeps coming may take longer. */
export const PATIENCE_MS = 15_000

/** An upload slower than a telephone line is none. Bytes a second, on average after the first PATIENCE_MS. */
const LEAST_RATE = 8 * 1_024

type Upload = { request: IncomingMessage; startedAt: number; bytesBefore: number }

/** Of all hosts of the process: a request comes to the port of one, and may be answered by another. */
const uploads = new WeakMap<Socket, Upload>()

/** To be called with each request of a port, so that `late` knows what it is about. @param isUpload its body may take long */
export function expectBody(request: IncomingMessage, isUpload: boolean): void {
  const { socket } = request
  // The one before on this connection is over.
  if (isUpload) uploads.set(socket, { request, startedAt: performance.now(), bytesBefore: socket.bytesRead })
  else uploads.delete(socket)
}

/**
 * Node tells which requests did not arrive in time, heads and bodies alike, without a timer each. Those for large bodies get the time their
 * bytes need at the least rate.
 * @param options.bodyLimit bytes that fit into the patience on any line; a route that takes more takes uploads
 */
export function createPatience(options: { patienceMs: number; bodyLimit: number }): {
  begin(request: FastifyRequest): void
  late(socket: Socket): void
} {
  function late(socket: Socket): void {
    const upload = uploads.get(socket)
    if (socket.destroyed || upload?.request.complete) return
    const received = upload ? socket.bytesRead - upload.bytesBefore : 0
    const deadline = upload ? upload.startedAt + options.patienceMs + (received / LEAST_RATE) * 1_000 : 0
    const leftMs = deadline - performance.now()
    if (leftMs <= 0) return endWithProblem(socket, commonErrors.REQUEST_TIMEOUT())
    setTimeout(() => late(socket), leftMs).unref()
  }

  return {
    begin: (request) => expectBody(request.raw, (request.routeOptions.bodyLimit ?? 0) > options.bodyLimit),
    late,
  }
}
