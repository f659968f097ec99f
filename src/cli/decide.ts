import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import type { Command } from 'commander'
import { clearNumbers, hashedNumbers } from '../ledger/numbers.js'
import { operatorLists } from '../verify/operator-lists.js'
import { deriveKeys } from '../verify/server-keys.js'
import { createKeeper } from '../verify/snapshot.js'
import type { GateRequest } from '../verify/types.js'
import type { Config } from './config.js'
import { configFlags, configOf } from './config-flags.js'
import { decisionText } from './decision-text.js'
import { exampleRequest } from './example-number.js'
import { type ExplainedDecision, explainDecision } from './explain-decision.js'
import { asUsage, usageFault } from './fault.js'
import { countOf, countryOf, dollarsOf } from './flag-values.js'
import { type OfflineOptions, offlineCore } from './offline-core.js'
import { readPolicy } from './policy-file.js'
import { pricesOf } from './price-source.js'
import { installationSecret } from './secret.js'
import { asStore, snapshotFile, withLedger } from './store.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

interface DecideFlags extends GlobalFlags {
  data?: string
  service?: string
  country?: string
  ip?: string
  device?: string
  account?: string
  session?: string
  userAgent?: string
  sessionAge?: number
  events?: number
  price?: number
  challengePassed?: boolean
}

export function addDecide(program: Command, terminal: Terminal): void {
  configFlags(program.command('decide'), 'directory whose lines are read (default: empty lines)')
    .argument('<number>', 'phone number, best in E.164')
    .description('explain what the gate would decide for one request; records and charges nothing')
    .option('--service <name>', 'service of the policy (default: its first, else signup)')
    .option('--policy <file>', 'policy file (default: the built-in policy, in monitor mode)')
    .option('--prices <file>', 'price file')
    .option('--ip <address>', "the person's address")
    .option('--device <id>', 'device id')
    .option('--account <id>', 'account id')
    .option('--session <id>', 'session id')
    .option('--user-agent <text>', 'user agent')
    .option('--session-age <ms>', 'age of the session, ms', countOf)
    .option('--events <count>', 'events of the session before this request', countOf)
    .option('--price <usd>', 'price of the message, US dollars', dollarsOf)
    .option('--country <code>', 'country that a national number is read in, ISO 3166', countryOf)
    .option('--challenge-passed', 'as if a challenge had been solved')
    .addHelpText(
      'after',
      `
Without --data it decides on empty lines, as on the first request ever. With --data it reads the lines
of that directory, also beside the gateway that serves from it, and changes nothing.

Examples:
  $ tollgate decide +2348031234567 --ip 105.112.3.4
  $ tollgate decide +2348031234567 --policy policy.yaml --service signup --data ./data --json`,
    )
    .action(async (number: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<DecideFlags>()
      const config = configOf(command, terminal)
      if (flags.ip !== undefined && isIP(flags.ip) === 0)
        throw usageFault(
          `--ip ${flags.ip} is not an IP address`,
          'give the address alone, without port',
        )
      const { policy } = readPolicy(config.policy)
      const live = flags.data !== undefined
      const parts: OfflineOptions = { policy, prices: await pricesOf(config), config }
      if (live && config.numbers !== 'clear') {
        const secret = await installationSecret(config.data, terminal.env)
        parts.numberKey = hashedNumbers(deriveKeys(secret).numbers).numberKey
      } else parts.numberKey = clearNumbers().numberKey
      const offline = await asUsage('', () => offlineCore(parts))
      const now = terminal.now()
      const request = requestOf(number, flags, exampleRequest(offline.core.policy).service)
      const explain = () => explainDecision(offline.core, request, offline.numberKey, now)
      const explained = live
        ? await onLiveLines(config, terminal, offline, explain)
        : await explain()
      answer(terminal, flags, explained, () =>
        decisionText(explained, now, live && existsSync(config.data) ? config.data : null),
      )
    })
}

/** Snapshot and ledger of a directory, read as a restart would. */
function onLiveLines(
  config: Config,
  terminal: Terminal,
  { core, lines }: ReturnType<typeof offlineCore>,
  work: () => Promise<ExplainedDecision>,
): Promise<ExplainedDecision> {
  return withLedger(config, terminal, { mustExist: true }, async (ledger) => {
    const file = snapshotFile(config.data)
    const keeper = createKeeper({ core, ledger, lines, file, clock: terminal.now })
    await asStore(() => keeper.restore())
    core.setLists(await operatorLists(ledger, terminal.now()))
    return work()
  })
}

const requestOf = (to: string, flags: DecideFlags, service: string): GateRequest => ({
  service: flags.service ?? service,
  to,
  ...(flags.country !== undefined && { defaultCountry: flags.country }),
  ...(flags.ip !== undefined && { ip: flags.ip }),
  ...(flags.device !== undefined && { deviceId: flags.device }),
  ...(flags.account !== undefined && { accountId: flags.account }),
  ...(flags.session !== undefined && { sessionId: flags.session }),
  ...(flags.userAgent !== undefined && { userAgent: flags.userAgent }),
  ...(flags.sessionAge !== undefined && { sessionAgeMs: flags.sessionAge }),
  ...(flags.events !== undefined && { precedingEvents: flags.events }),
  ...(flags.price !== undefined && { priceMicroUsd: flags.price }),
  ...(flags.challengePassed && { challengePassed: true }),
})
