/**
 * A real server that a suite runs on. `npm test` sets the settings of those that `npm run stack` has started; without one the suite is
 * skipped, and says so.
 * @param setting such as `MYSQL_URL`
 * @param server its name, as typed after `npm run stack -- up`
 */
export function findEngine(
  setting: string,
  server: string,
): { value: string; skip: false } | { value: ''; skip: string } {
  const value = process.env[setting]
  return value ? { value, skip: false } : { value: '', skip: `no ${setting} (npm run stack -- up ${server})` }
}
