/** What the tests of the distributed profile run on, from `npm run stack -- up`. */
export const ENGINES = [
  'MYSQL_URL',
  'REDIS_URL',
  'KAFKA_BROKERS',
  'S3_ENDPOINT',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const

/** Why the distributed profile cannot run here, for `skip`; false when it can. */
export function noEngines(): string | false {
  const missing = ENGINES.filter((name) => !process.env[name])
  return missing.length > 0 && `${missing.join(', ')} not set: npm run stack -- up mariadb redis kafka s3`
}
