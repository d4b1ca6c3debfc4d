/** Samples a second of speech as recognisers take it. */
export const SAMPLE_RATE = 16_000
