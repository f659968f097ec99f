/**
 * `node deploy/scaling.mjs [--verifications 1000000/h] [--peak 3] [--lines 10000000] [--days 90]`: what a load needs, by the
 * measured figures below. docs/scaling.md says where each comes from and prints this table; a test holds it to that.
 */
import { fileURLToPath } from 'node:url'

/** docs/scaling.md says which run each comes from. Two cores that much else was using: sizes hold, times are upper bounds. */
export const FIGURES = {
  /** CPU of the gateways for a verification begun and checked, ms, what the other one follows included; an event loop has one core */
  gatewayMs: 1.44,
  /** CPU of Redis for one script, ms; a process has one core */
  scriptMs: 0.236,
  /** scripts of a verification: decide and charge, settle; under load one does several */
  scripts: 0.564,
  /** CPU of PostgreSQL for a verification, ms */
  ledgerMs: 0.63,
  /** share of a core that is used at the peak: above it latency rises steeply */
  fill: 0.6,
  /** bytes of PostgreSQL a verification: request, send, verification, outcomes, with indexes and tallies */
  ledgerBytes: 4_100,
  /** bytes of Redis a line with its windows, counts and key, the tables of keys and a day's caps included */
  lineBytes: 253,
  /** bytes of one Redis that a fork, a resynchronisation and a failover take well */
  shardBytes: 16 * 2 ** 30,
  /** cores of the largest primary that is easily had */
  primaryCores: 64,
}

/**
 * @param load verifications a second on average, times of that at the peak, active lines, days kept
 * @returns how many of what, and what is used up first
 */
export function plan({ perSecond, peak, lines, days }, f = FIGURES) {
  const atPeak = perSecond * peak
  /** cores that `ms` of each verification fill at the peak */
  const cores = (ms) => (atPeak * ms) / 1000 / f.fill
  const redisCores = cores(f.scripts * f.scriptMs)
  const shardsFull = (lines * f.lineBytes) / f.shardBytes
  const ledgerCores = cores(f.ledgerMs)
  const shards = Math.max(1, Math.ceil(redisCores), Math.ceil(shardsFull))
  const used = {
    'a gateway': cores(f.gatewayMs),
    'Redis, CPU': redisCores,
    'Redis, memory': shardsFull,
    'PostgreSQL, CPU': ledgerCores / f.primaryCores,
  }
  const [first] = Object.entries(used).sort(([, a], [, b]) => b - a)[0]
  return {
    atPeak,
    // one may go, at any size
    gateways: Math.max(2, Math.ceil(cores(f.gatewayMs)) + 1),
    shards,
    redisGiB: (lines * f.lineBytes) / 2 ** 30,
    ledgerCores,
    primaries: ledgerCores / f.primaryCores,
    ledgerGiBDay: (perSecond * 86_400 * f.ledgerBytes) / 2 ** 30,
    ledgerTiB: (perSecond * 86_400 * days * f.ledgerBytes) / 2 ** 40,
    // with as many gateways and shards as it takes, one primary is what is left
    first: ledgerCores > f.primaryCores ? 'PostgreSQL, one primary' : first,
  }
}

/** The steps of docs/scaling.md. */
export const STEPS = [
  { name: '10/s', perSecond: 10, peak: 3, lines: 1e6, days: 90 },
  { name: '100/s', perSecond: 100, peak: 3, lines: 1e7, days: 90 },
  { name: '280/s (a million an hour)', perSecond: 280, peak: 3, lines: 5e7, days: 90 },
  { name: '1,000/s', perSecond: 1_000, peak: 3, lines: 2e8, days: 90 },
  { name: '10,000/s at the peak', perSecond: 3_300, peak: 3, lines: 1e9, days: 30 },
]

const number = (value) =>
  (value >= 100 ? Math.round(value) : Number(value.toPrecision(2))).toLocaleString('en-US')

export function table(steps) {
  const head = [
    'load',
    'at the peak',
    'gateways',
    'Redis shards',
    'Redis',
    'PostgreSQL',
    'a day',
    'kept',
    'first limit of a single one',
  ]
  const rows = steps.map(({ name, ...load }) => {
    const p = plan(load)
    return [
      name,
      `${number(p.atPeak)}/s`,
      number(p.gateways),
      number(p.shards),
      `${number(p.redisGiB)} GiB`,
      `${number(p.ledgerCores)} cores`,
      `${number(p.ledgerGiBDay)} GiB`,
      `${number(p.ledgerTiB)} TiB in ${load.days} d`,
      p.first,
    ]
  })
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function loadOf(args) {
  const given = { verifications: '1000000/h', peak: '3', lines: '10000000', days: '90' }
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i]?.slice(2)
    if (!(name in given) || args[i + 1] === undefined)
      throw new Error(`unknown: ${args[i]}; known: --${Object.keys(given).join(', --')}`)
    given[name] = args[i + 1]
  }
  const [, count, unit] = /^([\d.]+)\/(s|m|h|d)$/.exec(given.verifications) ?? []
  if (count === undefined) throw new Error('--verifications is a number for a time, e.g. 1000000/h')
  const perSecond = Number(count) / { s: 1, m: 60, h: 3_600, d: 86_400 }[unit]
  const { peak, lines, days } = given
  return { name: given.verifications, perSecond, peak: +peak, lines: +lines, days: +days }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2)
  try {
    console.log(table(args.length === 0 ? STEPS : [loadOf(args)]))
  } catch (error) {
    console.error(`scaling: ${error.message}`)
    process.exitCode = 2
  }
}
