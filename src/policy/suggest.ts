/** Edits (insert, delete, replace, swap of neighbours) between two words. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      }
      next.push(least)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}

const plain = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Words that other products use for ours. */
const ALSO: Readonly<Record<string, string>> = {
  block: 'deny',
  denied: 'deny',
  reject: 'deny',
  review: 'hold',
  captcha: 'challenge',
  throttle: 'challenge',
  phone: 'number',
  phones: 'numbers',
  address: 'ip',
  adress: 'ip',
  asn: 'network',
  user: 'account',
  budget: 'fraudBudget',
  ttl: 'expires',
}

/** The known word that was probably meant: `rate_limits` and `ratelimit` mean `rateLimits`. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const meant = plain(word.slice(0, 64))
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(meant, plain(candidate)) }))
    .sort((a, b) => a.edits - b.edits)
  const best = ranked[0]
  const allowed = Math.min(meant.length - 1, Math.max(1, Math.floor(meant.length / 3)))
  if (best && best.edits <= allowed) return best.candidate
  const ours = Object.hasOwn(ALSO, meant) ? ALSO[meant] : undefined
  return ours !== undefined && known.includes(ours) ? ours : undefined
}
