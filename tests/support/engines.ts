/** What the tests of the distributed profile run on, from `npm run stack -- up`. */
export const ENGINES = [
  'MYSQL_URL',
  'REDIS_URL',
  'KAFKA_BROKERS',
  'S3_ENDPOINT',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const

export const missingEngines = (): string[] => ENGINES.filter((name) => !process.env[name])
