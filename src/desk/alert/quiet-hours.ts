import { MINUTE } from '../../engine/units.js'

/** When a sink is told critical things only. */
export interface QuietHours {
  /** HH:MM, local; an end before the start is on the next day */
  from: string
  to: string
  /** IANA name */
  timeZone: string
}

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** Local minutes since midnight. */
function localMinutes(timeZone: string, at: number): number {
  const text = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
  return minutesOf(text)
}

/**
 * @returns when the quiet ends that holds now, to the minute; `null` when it is not quiet. On the night of a clock change
 * it may be an hour early: ask again then
 */
export function quietUntil(quiet: QuietHours | null, now: number): number | null {
  if (quiet === null) return null
  const from = minutesOf(quiet.from)
  const to = minutesOf(quiet.to)
  const at = localMinutes(quiet.timeZone, now)
  const isQuiet = from <= to ? at >= from && at < to : at >= from || at < to
  if (!isQuiet) return null
  const left = (to - at + 24 * 60) % (24 * 60)
  return Math.floor(now / MINUTE) * MINUTE + left * MINUTE
}
