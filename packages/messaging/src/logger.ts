/** The three calls this package makes; a pino logger fits. Fields never hold event values. */
export type Logger = Readonly<{
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}>

export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} }
