/** Parts of the program that an image may be built without (`--build-arg WITHOUT=speech,statistics`), and the packages that only they load. */
export const PARTS = {
  /** Speech to text in ai-service: texts are still read, recordings are answered 503. */
  speech: /^node_modules\/@napi-rs\//,
  /** analytics-service: a process of an image without it must not have that role. */
  statistics: /^node_modules\/@duckdb\//,
} as const
export type Part = keyof typeof PARTS

/** @throws Error for a name that is none */
export function partsOf(list: string): Part[] {
  const names = list.split(/[\s,]+/).filter((name) => name !== '')
  const unknown = names.filter((name) => !Object.hasOwn(PARTS, name))
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`)
  return names as Part[]
}

/** What a server never opens, by its path below the folder of the program. Licences stay: they must go with what they are of. */
const NEVER: readonly RegExp[] = [
  // Node strips no types below node_modules: what is TypeScript there is for compilers.
  /^node_modules\/.*\.[cm]?tsx?$/,
  /^node_modules\/.*\.(map|md|markdown|flow|tsbuildinfo|h|c|cc|gyp|gypi)$/i,
  /^node_modules\/@types\//,
  // Tests and examples that packages publish; one that looks so deeper inside a package may be code.
  /^node_modules\/(.*\/node_modules\/)?(@[^/]+\/)?[^/]+\/(tests?|__tests__|e2e|integration|bench|benchmarks?|examples?|docs|\.github)\//,
  // One file of everything, for browsers; Node imports the modules.
  /^node_modules\/mediabunny\/dist\/bundles\//,
  // Tests of our own.
  /^(apps|packages|services)\/.*\.test\.ts$/,
  /^packages\/(testkit|audio\/fixtures)\//,
  // Of the web client the server has what was built of it.
  /^apps\/web\/(?!dist(\/|$))/,
  /^node_modules\/\.(bin|package-lock\.json$)/,
  /^node_modules\/@bigtech\/(testkit|web)$/,
]

/** Whether the image does without it. @param path with `/`, relative to the folder of the program */
export const isUnneeded = (path: string, without: readonly Part[]): boolean =>
  NEVER.some((pattern) => pattern.test(path)) || without.some((part) => PARTS[part].test(path))
