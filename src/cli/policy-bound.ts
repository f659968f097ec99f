import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Apart, DestinationBound, Loss } from '../engine/bound.js'
import { compilePolicy } from '../engine/compile.js'
import type { Policy } from '../engine/policy.js'
import type { PriceTable } from '../phone/prices.js'
import {
  boundServices,
  dearestPrices,
  type ServiceBound,
  serviceBound,
} from '../report/policy-bounds.js'
import { columns } from './columns.js'
import type { Config } from './config.js'
import { configFlags, configOf } from './config-flags.js'
import { CliFault, EXIT } from './fault.js'
import { countriesOf, dollarsOf, gatewaysOf } from './flag-values.js'
import { usd } from './money.js'
import { readPolicy } from './policy-file.js'
import { pricesOf } from './price-source.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

interface BoundFlags extends GlobalFlags {
  service?: string
  country?: string[]
  all?: boolean
  verified?: number
  gateways?: number
}

/** Destinations shown besides the markets: those that lose most. */
const DEAREST = 10

export function addBound(policy: Command, terminal: Terminal): void {
  configFlags(policy.command('bound'))
    .argument('[file]', 'policy file (default: the built-in policy)')
    .description('the most that an attacker who verifies nothing can make a policy spend')
    .option('--service <name>', 'one service only')
    .option('--country <codes>', 'only these countries, such as NG,GH', countriesOf)
    .option('--all', 'every country')
    .option('--prices <file>', 'price file')
    .option(
      '--verified <usd>',
      'what real users verify an hour on each wide line, US dollars: credit that can be ridden',
      dollarsOf,
    )
    .option(
      '--gateways <number>',
      'besides, what so many gateways lose while their shared lines are lost (failure.lines: degraded)',
      gatewaysOf,
    )
    .addHelpText(
      'after',
      `
The bound holds whatever the attacker rotates and even if he solves every challenge. It does not hold for
numbers on the allow list, callers with riskCheck: false, and senders who verify their own codes.

Examples:
  $ tollgate policy bound policy.yaml --prices prices.csv
  $ tollgate policy bound policy.yaml --service signup --country NG,GH --json`,
    )
    .action(async (file: string | undefined, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<BoundFlags>()
      const config = configOf(command, terminal)
      const source = file === undefined ? config.policy : resolve(terminal.cwd, file)
      const prices = await pricesOf(config)
      const bounds = boundsOf(readPolicy(source).policy, prices, flags, apartOf(config, flags))
      const services = bounds.map(({ markets: _, ...bound }) => bound)
      answer(terminal, flags, { prices: prices.source, services }, () =>
        bounds.flatMap((bound) => boundText(bound, prices.source)),
      )
    })
}

/** Gateways that would decide apart: those of the flag, or of the configuration where lines are shared. */
function apartOf({ failure, stores }: Config, { gateways }: BoundFlags): Apart | null {
  if (gateways !== undefined) return { gateways, share: 1 / gateways }
  const { lines, gateways: configured, share } = failure
  return stores.linesUrl === null || lines !== 'degraded' ? null : { gateways: configured, share }
}

function boundsOf(
  policy: Policy,
  prices: PriceTable,
  flags: BoundFlags,
  apart: Apart | null,
): ServiceBound[] {
  const compiled = compilePolicy(policy, 0)
  const named = Object.keys(policy.services)
  const names = flags.service !== undefined ? [flags.service] : boundServices(policy)
  const listed = dearestPrices(prices)
  return names.map((name) => {
    const bound = serviceBound(compiled, name, listed, flags.verified, apart)
    if (bound === null)
      throw new CliFault(EXIT.refused, `the policy names no service "${name}"`, {
        mend: `give one of ${named.join(', ')}`,
      })
    return { ...bound, destinations: shown(bound.destinations, bound.markets, flags) }
  })
}

function shown(
  all: readonly DestinationBound[],
  markets: ReadonlySet<string>,
  { all: every, country }: BoundFlags,
): DestinationBound[] {
  const byLoss = [...all].sort(
    (a, b) =>
      b.countryWide.dayMicroUsd - a.countryWide.dayMicroUsd || b.priceMicroUsd - a.priceMicroUsd,
  )
  if (country !== undefined) return byLoss.filter((d) => country.includes(d.country))
  if (every) return byLoss
  const home = byLoss.filter((d) => markets.has(d.country))
  return [...home, ...byLoss.filter((d) => !markets.has(d.country)).slice(0, DEAREST)]
}

const percent = (share: number): string => `${Math.round(1000 * share) / 10} %`

const loss = ({ hourMicroUsd, dayMicroUsd }: Loss): [string, string] => [
  usd(hourMicroUsd),
  usd(dayMicroUsd),
]

function boundText(
  { service, mode, all, abroad, destinations, apart }: ServiceBound,
  prices: string,
): string[] {
  const [hour, day] = loss(all)
  const note =
    mode === 'monitor'
      ? '  (in monitor mode nothing holds it: this is what enforce mode would)'
      : ''
  const right = (title: string) => ({ title, align: 'right' as const })
  return [
    `${service}: at most ${hour} an hour and ${day} a day, in all${note}`,
    ...(abroad === null
      ? []
      : [`outside the markets together: ${loss(abroad).join(' an hour, ')} a day`]),
    ...(apart === undefined
      ? []
      : [
          `while ${apart.gateways} gateways decide on own lines (share ${percent(apart.share)} each): ${loss(apart.all).join(' an hour, ')} a day besides; ${apart.times.toFixed(2)} times in all`,
        ]),
    '',
    ...columns(
      [
        { title: '  country' },
        { title: '' },
        right('price'),
        right('block/day'),
        right('operator/day'),
        right('country/hour'),
        right('country/day'),
      ],
      destinations.map((d) => [
        `  ${d.country}`,
        d.market ? 'market' : 'abroad',
        usd(d.priceMicroUsd),
        usd(d.block.dayMicroUsd),
        usd(d.operator.dayMicroUsd),
        ...loss(d.countryWide),
      ]),
    ),
    '',
    `prices: ${prices}`,
    '',
  ]
}
