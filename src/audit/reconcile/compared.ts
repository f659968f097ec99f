import type { Amount, Compared } from './reconciliation.js'
import { add, newAmount } from './reconciliation.js'

/** The amounts of a line of a table. */
type Side = 'billed' | 'sent' | 'neverSent' | 'notBilled'

export interface Keys {
  country: string
  operator: string
  day: string
}

const newCompared = (key: string): Compared => ({
  key,
  billed: newAmount(),
  sent: newAmount(),
  neverSent: newAmount(),
  notBilled: newAmount(),
  segments: 0,
  price: 0,
})

/** Tables by country, operator and day, filled side by side. */
export function createComparison() {
  const tables = {
    country: new Map<string, Compared>(),
    operator: new Map<string, Compared>(),
    day: new Map<string, Compared>(),
  }
  function each(keys: Keys, change: (line: Compared) => void): void {
    for (const by of ['country', 'operator', 'day'] as const) {
      const table = tables[by]
      const key = keys[by]
      let line = table.get(key)
      if (line === undefined) {
        line = newCompared(key)
        table.set(key, line)
      }
      change(line)
    }
  }
  /** Where most money is in question comes first. */
  const inQuestion = ({ neverSent, notBilled, segments, price }: Compared): number =>
    neverSent.money + notBilled.money + Math.abs(segments) + Math.abs(price)
  const byMoney = (table: Map<string, Compared>): Compared[] =>
    [...table.values()].sort(
      (a, b) =>
        inQuestion(b) - inQuestion(a) ||
        b.billed.money - a.billed.money ||
        (a.key < b.key ? -1 : 1),
    )

  return {
    count(keys: Keys, side: Side, of: Amount): void {
      each(keys, (line) => add(line[side], of.messages, of.segments, of.money))
    },
    differ(keys: Keys, segments: number, price: number): void {
      if (segments === 0 && price === 0) return
      each(keys, (line) => {
        line.segments += segments
        line.price += price
      })
    },
    result: () => ({
      byCountry: byMoney(tables.country),
      byOperator: byMoney(tables.operator),
      byDay: [...tables.day.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
    }),
  }
}

export type Comparison = ReturnType<typeof createComparison>
