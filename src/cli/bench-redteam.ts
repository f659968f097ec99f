import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { AttackData } from '../lab/actors/attack.js'
import type { AttackerKind } from '../lab/redteam/attack-space.js'
import type { BestAttack, RedteamReport } from '../lab/redteam/redteam.js'
import { atLeastOne } from './bench-flags.js'
import { columns, pairs } from './columns.js'
import { duration } from './duration.js'
import { asUsage, CliFault, EXIT } from './fault.js'
import { countOf } from './flag-values.js'
import { usd } from './money.js'
import { readPolicy } from './policy-file.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

interface RedteamFlags extends GlobalFlags {
  policy?: string
  service?: string
  budget: number
  seed: number
  threads: number
  sessions?: number
}

/** Attacks tried when nobody says how many: some ten generations of each kind of attacker. */
const BUDGET = 300

export function addBenchRedteam(bench: Command, terminal: Terminal): void {
  bench
    .command('redteam')
    .description('look for the attack that earns most against a policy that the attacker has read')
    .option('--policy <file>', 'policy file (default: the built-in policy), enforced')
    .option('--service <name>', 'service of the policy, where it names several')
    .option('--budget <n>', 'attacks to try', atLeastOne, BUDGET)
    .option('--seed <n>', 'of people, chances and search', countOf, 1)
    .option('--sessions <n>', "visits a day of the platform's own people", atLeastOne)
    .option('--threads <n>', 'tried at once', atLeastOne, availableParallelism())
    .addHelpText(
      'after',
      `
Random attacks first, then CMA-ES from the best of them, over rate, hours, jitter, ranges, countries, addresses, devices,
challenges, repeats, patience, and how many codes the attacker enters himself. He earns 0.4 of each message's price and pays
for proxies, CAPTCHAs and, where the ranges are not his, rented numbers.

Exit code 1: an attacker who verifies nothing took more than "policy bound" says.

Examples:
  $ tollgate bench redteam --policy policy.yaml
  $ tollgate bench redteam --policy policy.yaml --budget 2000 --seed 7 --json`,
    )
    .action(async (_: unknown, command: Command) => {
      await benchRedteam(command.optsWithGlobals<RedteamFlags>(), terminal)
    })
}

async function benchRedteam(flags: RedteamFlags, terminal: Terminal): Promise<void> {
  const { budget, seed, threads, sessions, service = null } = flags
  const file = flags.policy === undefined ? null : resolve(terminal.cwd, flags.policy)
  const { policy } = readPolicy(file)
  const { progress } = terminal
  // the laboratory is large, and no other command needs it
  const { redteam } = await import('../lab/redteam/redteam.js')
  const report = await asUsageOfService(() =>
    redteam({
      ...{ policy, service, budget, seed, threads },
      ...(sessions !== undefined && { sessionsPerDay: sessions }),
      ...(progress !== null && {
        onProgress: (tried, kind, best) =>
          progress(
            `${tried} of ${budget} attacks; ${TITLES[kind]}: at best ${usd(best.earnedMicroUsd)} a day`,
          ),
      }),
    }),
  )
  progress?.('')
  answer(terminal, flags, { bench: 'redteam', ...report }, () => textOf(report))
  if (!report.holds)
    throw new CliFault(EXIT.refused, 'an attack that verifies nothing took more than its bound', {
      mend: 'report the attack above: either the bound or the gate is wrong',
      told: true,
    })
}

/** A service that the policy does not have is a mistake of the command line. */
const asUsageOfService = <T>(work: () => Promise<T>): Promise<T> =>
  work().catch((error: unknown) => {
    if (!(error instanceof RangeError) || !error.message.startsWith('the policy')) throw error
    return asUsage('--service: ', () => {
      throw error
    })
  })

const TITLES: Readonly<Record<AttackerKind, string>> = {
  'verifies-nothing': 'verifies nothing',
  'range-holder': 'holds the ranges, reads his codes',
  outsider: 'rents numbers, USD 0.10 a code',
}

const count = (n: number): string => Math.round(n).toLocaleString('en')
const signedUsd = (microUsd: number): string =>
  microUsd < 0 ? `-${usd(-microUsd)}` : usd(microUsd)

function textOf(report: RedteamReport): string[] {
  const { best, bound, closest, countries, sessionsPerDay, seed } = report
  const right = (title: string) => ({ title, align: 'right' as const })
  return [
    `A platform of ${count(sessionsPerDay)} visits a day in ${countries.join(', ')}; one day of attack; seed ${seed}.`,
    '',
    ...columns(
      [
        { title: 'attacker' },
        right('tried'),
        right('earns a day'),
        right('other chances'),
        right('leaked'),
        right('bound'),
        right('requests'),
        right('sent'),
        right('codes entered'),
      ],
      best.map(({ kind, tried, trial, again, boundMicroUsd }) => [
        TITLES[kind],
        count(tried),
        signedUsd(trial.earnedMicroUsd),
        again.map(signedUsd).join(', '),
        usd(trial.leakedMicroUsd),
        // the bound is for those who verify nothing
        kind === 'verifies-nothing' ? usd(boundMicroUsd) : '',
        count(trial.requests),
        count(trial.sent),
        count(trial.verified),
      ]),
    ),
    '',
    ...best.flatMap(attackText),
    `policy bound, with what the platform's people earn: ${usd(bound.allMicroUsd)} a day in all${
      bound.abroadMicroUsd === null ? '' : `, ${usd(bound.abroadMicroUsd)} outside the markets`
    }`,
    closest === null
      ? 'No attack that verifies nothing got a message out.'
      : `Verifying nothing, the attack that came closest to its bound took ${usd(closest.leakedMicroUsd)} of ${usd(
          closest.boundMicroUsd,
        )} (${((100 * closest.leakedMicroUsd) / closest.boundMicroUsd).toFixed(0)} %): the bound ${
          report.holds ? 'holds' : 'does NOT hold'
        }.`,
  ]
}

/** The best attack in a few lines, for people who will try it themselves. */
function attackText({ kind, attack }: BestAttack): string[] {
  return [
    `${TITLES[kind]}:`,
    ...pairs(factsOf(attack).map(([name, value]) => [`  ${name}`, value] as const)),
    '',
  ]
}

function factsOf({
  phases,
  destinations,
  sources,
  solves,
  adapts,
}: AttackData): [string, string][] {
  const { targets, rotate, repeats, numbers } = destinations
  const { addresses, devices, visit } = sources
  const places = targets.map((target) =>
    target.kind === 'blocks' ? `${target.country} ${target.count}` : target.country,
  )
  const moves =
    rotate !== undefined && 'everyMessages' in rotate
      ? `${rotate.width ?? 1} at a time, the next after ${rotate.everyMessages} messages`
      : 'all at once'
  return [
    ...phases.map((phase): [string, string] => [
      'asks',
      `${count(phase.attempts)} times in ${duration(phase.durationMs)} from ${duration(phase.startMs)} after midnight${
        phase.verifies === undefined
          ? ''
          : `, enters ${Math.round(100 * phase.verifies.share)} % of the codes (${phase.verifies.delay.kind})`
      }`,
    ]),
    ['blocks', `${places.join(', ')}; ${moves}; numbers ${JSON.stringify(numbers)}`],
    [
      'from',
      `${addresses.count === null ? 'new' : count(addresses.count)} ${addresses.access} addresses, devices ${JSON.stringify(devices)}, visit ${visit}`,
    ],
    ['challenges', `solves ${Math.round(100 * solves.pow)} %`],
    ...(repeats === undefined
      ? []
      : [['repeats', `${repeats.times} requests a number`] as [string, string]]),
    ...(adapts?.block === undefined
      ? []
      : [['patience', `leaves a block after ${adapts.block} refusals`] as [string, string]]),
  ]
}
