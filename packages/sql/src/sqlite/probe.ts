let turn = Date.now() % 1_000_000

/**
 * A statement that really writes a page, so that it fails when the disk is full or the file cannot be written. (An update to the value
 * that is there already is left out by SQLite.) `user_version` is used for nothing else here.
 */
export const probeStatement = (): string => `PRAGMA user_version = ${++turn}`
