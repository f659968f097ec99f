import { regionName } from '../../engine/region-name.js'
import type { PlaceFinding } from '../audit-result.js'
import { type Columns, STATUS } from '../message-log.js'
import type { Money } from './money.js'
import { SESSION } from './sessions.js'
import { costOf, sessionsOfOperator, type Traffic } from './traffic.js'

/** Rows of a table, at most: what is spent beyond them is small. */
const MOST = 500

/** English name of a country code; a calling code as it is. */
const countryName = (code: string): string =>
  code === '001' ? 'Global services' : (regionName(code) ?? code)

export interface PlaceOptions {
  columns: Columns
  t: Traffic
  money: Money
  /** per country; null where none were declared */
  inMarket: readonly (boolean | null)[]
  /** the log has outcomes */
  known: boolean
}

/** What every country and operator cost, those with most fraud first, then by spend. */
export function placeFindings(options: PlaceOptions): {
  countries: PlaceFinding[]
  operators: PlaceFinding[]
} {
  const { columns, t, money, inMarket, known } = options
  const { places } = t
  const failed = new Float64Array(places.operators.length)
  const operatorOf = new Uint32Array(places.blockKey.length)
  for (let o = 0; o < places.operators.length; o++)
    operatorOf.fill(o, places.operatorStart[o], places.operatorStart[o + 1])
  for (let row = 0; row < places.blockOf.length; row++) {
    if (columns.status[row] !== STATUS.failed) continue
    const operator = operatorOf[places.blockOf[row] as number] as number
    failed[operator] = (failed[operator] as number) + 1
  }

  const countries: PlaceFinding[] = []
  const operators: PlaceFinding[] = []
  places.countries.forEach((code, country) => {
    const sum: PlaceFinding = {
      ...{ key: code, name: countryName(code), country: code, messages: 0, spend: 0, fraud: 0 },
      ...{ failed: 0, verified: known ? 0 : null, market: inMarket[country] ?? null },
    }
    const first = places.countryStart[country] as number
    const end = places.countryStart[country + 1] as number
    for (let operator = first; operator < end; operator++) {
      const key = places.operators[operator] ?? ''
      const name = key.slice(key.indexOf('/') + 1) || 'unknown'
      const own: PlaceFinding = { ...sum, key, name, messages: 0, spend: 0, fraud: 0, failed: 0 }
      let verified = 0
      const { from, to } = sessionsOfOperator(t, operator)
      for (let i = from; i < to; i++) {
        const price = costOf(t, i)
        own.messages += money.messages[i] as number
        own.spend += price
        own.fraud += price * (t.pumped[i] as number)
        if (((t.state[i] as number) & SESSION.verified) !== 0) verified++
      }
      own.failed = failed[operator] as number
      if (known) own.verified = verified
      operators.push(own)
      sum.messages += own.messages
      sum.spend += own.spend
      sum.fraud += own.fraud
      sum.failed += own.failed
      if (sum.verified !== null) sum.verified += verified
    }
    countries.push(sum)
  })
  const byFraud = (a: PlaceFinding, b: PlaceFinding): number =>
    b.fraud - a.fraud || b.spend - a.spend || (a.key < b.key ? -1 : 1)
  return {
    countries: countries.sort(byFraud).slice(0, MOST),
    operators: operators.sort(byFraud).slice(0, MOST),
  }
}
