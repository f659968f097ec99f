/** Durations in ms and money in micro-USD: the engine's only units. */
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** One US dollar in micro-USD. */
export const USD = 1_000_000

/** Last Unix ms whose year has four digits, as ISO 8601 wants them: times that are given to us lie before its end. */
export const LAST_TIME = Date.UTC(10_000, 0, 1) - 1
