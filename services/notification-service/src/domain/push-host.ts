const MOST_CHARACTERS = 300

/** The push service of an endpoint, as it is known by here: its host and port. */
export const hostOf = (endpoint: string): string => new URL(endpoint).host.slice(0, MOST_CHARACTERS)
