import { join } from 'node:path'

/** Everything of the stack: downloads, data of the servers, their logs and process ids. Deleting it loses nothing but time. */
export const stackFolder = (): string =>
  process.env['STACK_DIR'] ?? join(import.meta.dirname, '../../node_modules/.cache/bigtech-stack')
