/** Time from the end of SHUTDOWN_DELAY to the end of the process: one that takes longer was hanging, and ends with code 1. */
export const SHUTDOWN_LIMIT_MS = 4_500
/** Engines that do not answer are waited for, one after the other: a hand-over, open requests, events. Docker and others kill after 10 s. */
export const SHUTDOWN_WITH_ENGINES_LIMIT_MS = 8_000
