import { narrowest, type Suspect } from '../../engine/detect/narrowest.js'
import type { RangeFinding } from '../audit-result.js'
import type { Episode } from './episode.js'
import { blocksOf } from './mark.js'
import type { Money } from './money.js'
import { blockName } from './places.js'
import { SESSION } from './sessions.js'
import { within } from './signs.js'
import { costOf, type Traffic } from './traffic.js'

const operatorOf = ({ places }: Traffic, block: number): number => {
  let low = 0
  let high = places.operators.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((places.operatorStart[middle] as number) <= block) low = middle
    else high = middle
  }
  return low
}

/** The sub-block that holds nearly all of a block's sessions, by the engine's rule of the narrowest range. */
function subBlockOf(t: Traffic, episode: Episode): number | null {
  if (episode.level !== 'block' || t.masked) return null
  const { from, to } = within(t, episode.place, episode.from, episode.to)
  const counts = new Float64Array(10)
  for (let i = from; i < to; i++) {
    const digit = Math.floor((t.last[i] as number) / 1_000)
    counts[digit] = (counts[digit] as number) + (t.pumped[i] as number)
  }
  const block = blockName(t.places, episode.place)
  const base = {
    service: '',
    country: '',
    operatorRange: '',
    block,
    busy: true,
    named: false,
    verified: 0,
    abroad: false,
  }
  const at = { onset: episode.from, lastAt: episode.to, llr: episode.llr }
  const excess = counts.reduce((sum, n) => sum + n, 0)
  const whole = { node: -1, level: 'block', key: block, sessions: to - from, excess } as const
  const parts = [...counts].map(
    (n, digit): Suspect => ({
      ...{ ...base, ...at, node: digit, level: 'subBlock', key: `${block}${digit}` },
      ...{ sessions: Math.round(n), excess: n },
    }),
  )
  const [named] = narrowest({ ...base, ...at, ...whole }, parts)
  return named === undefined || named.level === 'block' ? null : named.node
}

export interface RangeTotals extends RangeFinding {
  episode: Episode
}

/** What happened in an episode's range from its start to its end. */
export function rangeFinding(t: Traffic, money: Money, episode: Episode): RangeTotals {
  const [first, end] = blocksOf(t, episode)
  const sub = subBlockOf(t, episode)
  let messages = 0
  let spend = 0
  let fraud = 0
  let verified = 0
  for (let block = first; block < end; block++) {
    const { from, to } = within(t, block, episode.from, episode.to)
    for (let i = from; i < to; i++) {
      if (sub !== null && Math.floor((t.last[i] as number) / 1_000) !== sub) continue
      const price = costOf(t, i)
      messages += money.messages[i] as number
      spend += price
      fraud += price * (t.pumped[i] as number)
      if (((t.state[i] as number) & SESSION.verified) !== 0) verified++
    }
  }
  const { places } = t
  const operator = episode.level === 'country' ? '' : (places.operators[operatorOf(t, first)] ?? '')
  const country = places.countries[episode.country] ?? ''
  const key =
    episode.level === 'country'
      ? country
      : episode.level === 'operator'
        ? operator
        : blockName(places, episode.place) + (sub ?? '')
  const level = sub === null ? episode.level : 'subBlock'
  const judged = episode.known > 0
  return {
    ...{ level, key, country, operator, messages, spend, fraud, episode },
    verified: judged ? verified : null,
    expected: judged ? Math.round(episode.expected) : null,
  }
}
