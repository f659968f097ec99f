import { DAY, HOUR, MINUTE } from '../../src/engine/units.js'
import {
  DIMENSIONS,
  type Dimension,
  type RollupPeriod,
  TALLIES,
  type Tally,
} from '../../src/ledger/console-port.js'
import type { Credit, RequestRow } from '../../src/ledger/rows.js'

/** A request with what became of it, as a person would write it down. */
export interface Happened {
  seq: number
  row: RequestRow
  /** credit as it stands */
  credit: Credit
  /** when its code came back first */
  verifiedAt: number | null
  provider: string | null
}

export type Counts = Map<string, Tally>

const SIZE: Record<RollupPeriod, number> = { minute: MINUTE, hour: HOUR, day: DAY }
const FINE: readonly Dimension[] = [
  'block',
  'subBlock',
  'network',
  'subnet',
  'ip',
  'device',
  'account',
]

const keysOf = (
  { row }: Happened,
  hashed: boolean,
): Record<Dimension, [parent: string, key: string | null][]> => ({
  all: [['', '']],
  country: [['', row.country]],
  operator: [[row.country, row.operator]],
  block: [[row.operator, row.block]],
  subBlock: [[row.block, hashed ? null : row.number.slice(0, -3)]],
  network: [['', row.asn === null ? null : `AS${row.asn}`]],
  subnet: [['', row.subnet]],
  ip: [['', row.ip]],
  device: [['', row.deviceId]],
  account: [['', row.accountId]],
  provider: [],
  reason: [...new Set(row.reasons.map(({ code }) => code))].map((code) => ['', code]),
})

/** What all roll-ups of a period must say, reckoned from the whole history at once. By dimension, time, parent, key and service. */
export function recount(
  history: readonly Happened[],
  period: RollupPeriod,
  now: number,
  hashed: boolean,
): Counts {
  const counts: Counts = new Map()
  const add = (
    dimension: Dimension,
    { row }: Happened,
    [parent, key]: [string, string | null],
    part: Partial<Tally>,
  ) => {
    if (key === null || (key === '' && dimension !== 'all')) return
    if (period === 'minute' && dimension !== 'all' && dimension !== 'country') return
    const at = Math.floor(row.at / SIZE[period]) * SIZE[period]
    const id = [dimension, at, parent, key, row.service].join('|')
    const sum = counts.get(id) ?? (Object.fromEntries(TALLIES.map((name) => [name, 0])) as Tally)
    for (const name of TALLIES) sum[name] += part[name] ?? 0
    counts.set(id, sum)
  }
  const everywhere = (one: Happened, part: Partial<Tally>) => {
    for (const dimension of DIMENSIONS)
      for (const place of keysOf(one, hashed)[dimension]) add(dimension, one, place, part)
  }

  for (const one of history) {
    const { would } = one.row
    everywhere(one, {
      requests: 1,
      allowed: Number(would === 'allow'),
      challenged: Number(would === 'challenge'),
      held: Number(would === 'hold'),
      denied: Number(would === 'deny'),
      ...money(one),
    })
    if (one.provider !== null) add('provider', one, ['', one.provider], money(one))
  }
  for (const kind of ['saved', 'would'] as const)
    for (const one of refusals(history, kind))
      everywhere(
        one,
        kind === 'saved'
          ? { refusedNumbers: 1, savedMicroUsd: one.row.priceMicroUsd }
          : { wouldSaveMicroUsd: one.row.priceMicroUsd },
      )

  const isFine = (id: string) => FINE.includes(id.split('|')[0] as Dimension)
  const isOver = (id: string) => Number(id.split('|')[1]) + 2 * HOUR <= now
  if (period === 'hour')
    for (const [id, sum] of counts)
      if (isFine(id) && isOver(id) && sum.requests < 3) counts.delete(id)
  if (period !== 'day') return counts
  // days of fine keys: what stays of their hours that are over
  const days: Counts = new Map([...counts].filter(([id]) => !isFine(id)))
  for (const [id, sum] of recount(history, 'hour', now, hashed)) {
    if (!isFine(id) || !isOver(id)) continue
    const [dimension, at, ...rest] = id.split('|')
    const day = [dimension, Math.floor(Number(at) / DAY) * DAY, ...rest].join('|')
    const before = days.get(day)
    const both = TALLIES.map((name) => [name, sum[name] + (before?.[name] ?? 0)])
    days.set(day, Object.fromEntries(both) as Tally)
  }
  return days
}

function money({ row, credit }: Happened): Partial<Tally> {
  const price = row.priceMicroUsd
  if (row.charge === null || credit === 'released') return {}
  const is = (...states: Credit[]) => Number(states.includes(credit))
  return {
    sends: 1,
    spendMicroUsd: price,
    verified: is('earned', 'activated'),
    verifiedMicroUsd: is('earned', 'activated') * price,
    lost: is('lost'),
    lostMicroUsd: is('lost') * price,
    failed: is('failed'),
    failedMicroUsd: is('failed') * price,
  }
}

/** The first refusal that was known of each number, in each hour and service. */
function refusals(history: readonly Happened[], kind: 'saved' | 'would'): Happened[] {
  const known = history.flatMap((one) => {
    const { verdict, would, at, number, service } = one.row
    const word = verdict === 'allow' ? would : verdict
    if ((verdict === 'allow') !== (kind === 'would') || word === 'allow') return []
    if (word !== 'challenge') return [{ one, at }]
    const end = at + 10 * MINUTE
    const answered =
      kind === 'would'
        ? one.verifiedAt !== null && one.verifiedAt <= end
        : history.some(
            ({ seq, row }) =>
              seq > one.seq &&
              row.number === number &&
              row.service === service &&
              row.verdict === 'allow' &&
              row.at <= end,
          )
    return answered ? [] : [{ one, at: end }]
  })
  const first = new Map<string, Happened>()
  for (const { one } of known.sort((a, b) => a.at - b.at || a.one.seq - b.one.seq)) {
    const { at, service, number } = one.row
    const id = [Math.floor(at / HOUR), service, number].join('|')
    if (!first.has(id)) first.set(id, one)
  }
  return [...first.values()]
}
