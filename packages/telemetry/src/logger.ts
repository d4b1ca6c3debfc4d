import { isoTime } from '@bigtech/kernel'
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino'
import { redact } from './redact.ts'
import { rotateLog } from './rotation.ts'
import { activeTraceId } from './trace.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const satisfies readonly LogLevel[]

/** `error` (or `err`) holds an Error; the rest are the event's own fields: ids and numbers, never message bodies. */
export type LogFields = Readonly<Record<string, unknown>>

type LogMethod = {
  (message: string): void
  (fields: LogFields, message: string): void
}

/** What packages and services depend on. One call is one event; the message is a constant text, the values are fields. */
export interface Logger {
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
  /** A logger that adds these fields to each line, e.g. `child({service: 'chat-service'})`. */
  child(fields: LogFields): Logger
}

export type RootLogger = Logger & {
  /** Writes what is buffered, synchronously. Done on exit by itself; not after SIGKILL or an unhandled signal. */
  flush(): void
}

/** Lines wait at most this long, unless 8 KiB come together earlier. */
const FLUSH_MS = 250
const MIN_LENGTH_BYTES = 8_192
const KEPT_FILES = 5

/**
 * One JSON line an event: `level` (a word), `time` (ISO 8601 UTC), the fields, `trace_id` when inside a trace, `msg`.
 * Values of authorization, cookie, password, token and secret fields are replaced at any depth.
 * @param options.destination a stream with `write(line)`, a file to append to, or standard output (default). Files and
 *   standard output are buffered (8 KiB or 250 ms) and flushed on exit.
 * @param options.maxBytes a file that has grown to this is set aside (rotation.ts); the newest KEPT_FILES are kept
 */
export function createLogger(options: {
  level: LogLevel
  destination?: DestinationStream | string
  maxBytes?: number
}): RootLogger {
  const { destination, maxBytes } = options
  // Before the file is opened, what is there already may have to make room.
  let buffered: ReturnType<typeof pino.destination> | undefined
  let logger: PinoLogger | undefined
  if (typeof destination === 'string' && maxBytes !== undefined)
    rotateLog({
      file: destination,
      maxBytes,
      kept: KEPT_FILES,
      reopen: () => buffered?.reopen(),
      failed: (error) => logger?.warn({ err: error }, 'the log file was not set aside'),
    })
  buffered =
    typeof destination === 'object'
      ? undefined
      : pino.destination({
          dest: destination ?? 1,
          sync: false,
          minLength: MIN_LENGTH_BYTES,
          periodicFlush: FLUSH_MS,
          mkdir: true,
        })
  const stream = buffered ?? (destination as DestinationStream)
  logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${isoTime(Date.now())}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: redact,
        bindings: redact,
      },
      mixin: () => {
        const traceId = activeTraceId()
        return traceId === undefined ? {} : { trace_id: traceId }
      },
    },
    stream,
  )
  return {
    ...wrap(logger),
    flush: () => buffered?.flushSync(),
  }
}

function wrap(logger: PinoLogger): Logger {
  const method = (level: 'debug' | 'info' | 'warn' | 'error'): LogMethod => {
    const write = logger[level].bind(logger)
    return (first: string | LogFields, message?: string) => {
      if (typeof first === 'string') write(first)
      else write(first, message)
    }
  }
  return {
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    child: (fields) => wrap(logger.child(redact(fields))),
  }
}

/** Says nothing: for tests. */
export const nullLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => nullLogger,
}
