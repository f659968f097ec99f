const UNITS = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'h', 'h'],
  [60_000, 'min', 'min'],
  [1_000, 's', 's'],
  [1, 'ms', 'ms'],
] as const

/** For people, its two largest units: `2 h 5 min`, `90 days`, `350 ms`. */
export function duration(ms: number): string {
  const parts: string[] = []
  let rest = Math.round(ms)
  for (const [size, one, many] of UNITS) {
    const count = Math.floor(rest / size)
    if (count === 0) continue
    parts.push(`${count} ${count === 1 ? one : many}`)
    rest -= count * size
    // "1 day 3 s" and "2 s 5 ms" are more exact than anybody reads
    if (parts.length === 2 || size <= 1_000) break
  }
  return parts.length === 0 ? '0 s' : parts.join(' ')
}

/** A moment and how far it is: `2026-11-21 14:03:20 UTC (in 32 min)`. */
export function moment(at: number, now: number): string {
  const text = `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
  const far = Math.abs(at - now) < 1_000 ? 'now' : duration(Math.abs(at - now))
  return `${text} (${far === 'now' ? far : at > now ? `in ${far}` : `${far} ago`})`
}
