const HOUR = 3_600_000
const MOST_HOURS = 100_000

/** Local wall-clock time, as ms of the same digits in UTC, to Unix ms. */
export type Zone = (local: number) => number

/**
 * @param name IANA time zone (`Africa/Lagos`), or an offset such as `+05:30`; `UTC` where there is none
 * @throws RangeError for a zone that does not exist
 */
export function createZone(name: string | undefined): Zone {
  if (name === undefined || /^(?:utc|gmt|z)$/i.test(name)) return (local) => local
  const fixed = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(name)
  if (fixed !== null) {
    const [, sign, hours, minutes = '0'] = fixed
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1)
    return (local) => local - offset
  }
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })

  function offsetAt(utc: number): number {
    const part: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(utc)) part[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utc / 1000) * 1000
  }

  // Half hours: some zones change by 30 minutes.
  const known = new Map<number, number>()
  return (local) => {
    const slot = Math.floor(local / (HOUR / 2))
    let offset = known.get(slot)
    if (offset === undefined) {
      // Twice: the first offset may be of the other side of a change.
      offset = offsetAt(local - offsetAt(local))
      if (known.size >= MOST_HOURS) known.clear()
      known.set(slot, offset)
    }
    return local - offset
  }
}
