const MOST_CHARACTERS = 300

/** The push service of an endpoint, as it is known by here: its host and port. */
export const hostOf = (endpoint: string): string => new URL(endpoint).host.slice(0, MOST_CHARACTERS)

/** Where browsers subscribe: names that no stranger has. Any other may be one that its owner invented, of as many as they like. */
const OF_BROWSERS = ['fcm.googleapis.com', 'push.services.mozilla.com', 'push.apple.com', 'notify.windows.com'] as const

/**
 * Who answers for a host, so that many names of one owner are one: of browsers their push service, else the last two parts of the name. Under a few
 * suffixes (`co.kr`) several owners are one by that; they share what one would have, and no list of suffixes has to be kept.
 */
export function ownerOf(host: string): Readonly<{ name: string; isOfBrowsers: boolean }> {
  const name = host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase()
  const known = OF_BROWSERS.find((one) => name === one || name.endsWith(`.${one}`))
  if (known) return { name: known, isOfBrowsers: true }
  const isNumber = name.startsWith('[') || /^[\d.]+$/.test(name)
  return { name: isNumber ? host : name.split('.').slice(-2).join('.'), isOfBrowsers: false }
}
