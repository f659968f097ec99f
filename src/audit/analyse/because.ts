import type { AuditIncident } from '../audit-result.js'
import type { Money } from './money.js'
import type { RangeTotals } from './range-findings.js'
import type { Traffic } from './traffic.js'

/** Signs told of an incident, at most. */
const TOLD = 5
/** Times the mean price of the log from which a destination is dear. */
const DEAR = 2

const whole = (x: number): string => Math.round(x).toLocaleString('en')
const few = (x: number): string => (x < 10 ? Number(x.toPrecision(2)).toString() : whole(x))

function lasted(seconds: number): string {
  if (seconds < 2 * 3_600) return `${Math.max(1, Math.round(seconds / 60))} min`
  return seconds < 3 * 86_400
    ? `${Math.round(seconds / 3_600)} h`
    : `${Math.round(seconds / 86_400)} days`
}

/** `1 range`, `12 ranges`, `2 operators`: what an incident lay on. */
function named(ranges: readonly RangeTotals[]): string {
  const words = { subBlock: 'range', block: 'range', operator: 'operator', country: 'country' }
  const counts = new Map<string, number>()
  for (const { level } of ranges) counts.set(words[level], (counts.get(words[level]) ?? 0) + 1)
  const plural = (word: string): string => (word === 'country' ? 'countries' : `${word}s`)
  return [...counts].map(([word, n]) => `${n} ${n === 1 ? word : plural(word)}`).join(' and ')
}

/** What spoke for an incident, in sentences, strongest first. */
export function becauseOf(
  t: Traffic,
  money: Money,
  ranges: readonly RangeTotals[],
  kind: AuditIncident['kind'],
): string[] {
  const episodes = ranges.map(({ episode }) => episode)
  const total = (of: (range: RangeTotals) => number): number =>
    ranges.reduce((sum, range) => sum + of(range), 0)
  const sessions = total(({ episode }) => episode.sessions)
  const messages = total(({ messages }) => messages)
  const usual = total(({ episode }) => episode.usual)
  const verified = total(({ verified }) => verified ?? 0)
  const expected = total(({ episode }) => episode.expected)
  const span = Math.max(...episodes.map((e) => e.to)) - Math.min(...episodes.map((e) => e.from))
  const known = episodes.some((e) => e.known > 0)
  const codes = `${whole(verified)} of ${whole(sessions)} codes were entered, where ${whole(expected)} are usual`
  if (kind === 'outage') {
    return [
      `${codes}, while no more than usual were asked for (${whole(usual)} are usual): messages did not arrive, nobody was paid for it.`,
    ]
  }
  const told: [number, string][] = []
  if (known) {
    const llr = episodes.reduce((sum, e) => sum + (e.known > 0 ? e.llr : 0), 0)
    told.push([
      llr,
      `${codes}${expected > 0 ? ` (${Math.round((100 * expected) / sessions)} %)` : ''}.`,
    ])
  }
  // of messages, as everywhere else: a session has more than one where a code was asked for again
  const count = `${whole(messages)} messages to ${named(ranges)} in ${lasted(span)}, where ${few(usual)} are usual.`
  if (sessions > 1.5 * usual) told.push([known ? 10 : 20, count])
  const seen = new Map<string, [number, string, number]>()
  for (const { episode, fraud } of ranges) {
    for (const { logOdds, sentence } of episode.signs) {
      if (logOdds <= 0 || sentence === '') continue
      // one sentence of a kind, from the range where it cost most
      const sort = sentence.replace(/[\d.,]+/g, '#')
      const before = seen.get(sort)
      if (before === undefined || before[2] < fraud) seen.set(sort, [logOdds, sentence, fraud])
    }
  }
  for (const [logOdds, sentence] of seen.values()) told.push([logOdds, sentence])
  const price = total(({ spend }) => spend) / Math.max(1, messages)
  const mean = money.total / Math.max(1, t.places.blockOf.length)
  if (price > DEAR * mean) {
    const sentence = `A message costs ${price.toPrecision(2)} there, ${(price / mean).toFixed(1)} times the mean of this log.`
    told.push([1, sentence])
  }
  return told
    .sort((a, b) => b[0] - a[0])
    .slice(0, TOLD + 2)
    .map(([, sentence]) => sentence)
}
