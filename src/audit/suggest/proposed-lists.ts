import { DAY } from '../../engine/units.js'
import { FOUND, type Judged } from '../defences/judged.js'
import type { Survey } from '../defences/survey.js'
import type { AttackedRange } from './attacked-ranges.js'
import type { NormalDebt } from './normal-lines.js'
import type { Proposed } from './policy-text.js'

/** Entries of the deny list at most: longer lists belong in the console, which forgets them by itself. */
const MOST_ENTRIES = 200
/** An attacked range is left alone so long after its last pumped message. */
const KEEP_MS = 30 * DAY
/** Countries that are nearly all fraud, and have so many messages of it. */
const SUSPECT_SHARE = 0.8
const SUSPECT_FROM = 20
/** The engine takes no conversion outside these for usual. */
const P_MIN = 0.4
const P_MAX = 0.9

/** Countries outside the markets where nearly everything was found to be pumped: a challenge before the first message. */
export function suspects(
  { log, places, prices }: Survey,
  { certainty, probability }: Judged,
  markets: readonly string[],
): Proposed[] {
  const { countries } = places
  const found = new Uint32Array(countries.length)
  const fraud = new Float64Array(countries.length)
  const spend = new Float64Array(countries.length)
  for (let row = 0; row < log.size; row++) {
    const country = places.countryOfRow(row)
    const price = prices.billed(row)
    spend[country] = (spend[country] as number) + price
    fraud[country] = (fraud[country] as number) + price * (probability[row] as number)
    if ((certainty[row] as number) >= FOUND) found[country] = (found[country] as number) + 1
  }
  const named = countries.filter(
    (country, i) =>
      /^[A-Z]{2}$/.test(country) &&
      !markets.includes(country) &&
      (found[i] as number) >= SUSPECT_FROM &&
      (fraud[i] as number) >= SUSPECT_SHARE * (spend[i] as number),
  )
  return named.sort().map((country) => {
    const i = countries.indexOf(country)
    const share = Math.round((100 * (fraud[i] as number)) / (spend[i] as number))
    return {
      path: `defaults.countries.${country}`,
      value: 'challenge',
      because: `outside the markets, and ${share} % of its money went to ${found[i]} messages found to be pumped`,
    }
  })
}

/** What share of codes is entered, where enough messages tell it. */
export function conversions({ conversion }: NormalDebt): Proposed[] {
  return (['markets', 'elsewhere'] as const).flatMap((side): Proposed[] => {
    const p = conversion[side]
    if (p === null) return []
    const usual = Math.min(P_MAX, Math.max(P_MIN, p)).toFixed(2)
    return [
      {
        path: `defaults.prior.${side}`,
        value: usual,
        because: `${(100 * p).toFixed(1)} % of codes that nothing speaks against are entered ${side === 'markets' ? 'in the markets' : 'elsewhere'}${Number(usual) === Number(p.toFixed(2)) ? '' : `; the engine takes ${P_MIN} to ${P_MAX}`}`,
      },
    ]
  })
}

/** The attacked ranges as a deny list; each says until when. */
export function denied(ranges: readonly AttackedRange[]): Proposed[] {
  if (ranges.length === 0) return []
  const listed = ranges.slice(0, MOST_ENTRIES)
  return [
    {
      path: 'defaults.lists.deny',
      value: listed.map(({ prefix, country, found, lastAt }) => ({
        value: JSON.stringify(`${prefix}*`),
        because: `${country}, ${found} pumped messages; remove after ${new Date(lastAt + KEEP_MS).toISOString().slice(0, 10)}`,
      })),
      because: `ranges that hardly anybody but the attacker asked for, most money first${ranges.length > listed.length ? `, ${listed.length} of ${ranges.length}` : ''}; entries of a file stay until somebody removes them, each says when`,
    },
  ]
}
