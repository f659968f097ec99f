import type { Command } from 'commander'
import { GONE_MS, type Member, ROSTER_KIND } from '../cluster/roster.js'
import { createSinks } from '../desk/alert/sinks.js'
import { collection } from '../ledger/collection.js'
import type { Ledger } from '../ledger/port.js'
import { openDataDirectory } from '../verify/data-directory.js'
import { secureRandom } from '../verify/random.js'
import { replaceSecret } from '../verify/secret-print.js'
import { deriveKeys } from '../verify/server-keys.js'
import { configFlags, configOf } from './config-flags.js'
import { CliFault, EXIT, usageFault } from './fault.js'
import { installationSecret } from './secret.js'
import { asStore, operator, withLedger } from './store.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

/** `tollgate secret`: when the secret of the installation is lost, or known to others. */
export function addSecret(program: Command, terminal: Terminal): void {
  const secret = program
    .command('secret')
    .description('the secret of the installation: go on with another one')

  configFlags(secret.command('replace'))
    .option('--yes', 'do it: there is no way back to the one before')
    .description('let the ledger be used with the secret that is configured now, and no other')
    .addHelpText(
      'after',
      `
1. stop all gateways
2. give TOLLGATE_SECRET another value, or move <data>/server.key away
3. tollgate secret replace --yes, with the configuration of the gateways
4. start them

Codes and challenges that are out are void, and sinks of alerts are off until their secret is entered anew. API keys,
users and their passkeys stay. Numbers kept hashed or encrypted hang on the secret: a ledger of such keeps its own.`,
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & { yes?: boolean }>()
      const config = configOf(command, terminal)
      if (flags.yes !== true)
        throw usageFault(
          'codes that are out become void, and sinks of alerts need their secrets again',
          'to do it, stop all gateways and add --yes; more: tollgate secret replace --help',
        )
      // a gateway that runs has the directory
      if (config.stores.ledgerUrl === null)
        await asStore(async () => (await openDataDirectory(config.data)).release())
      const given = await installationSecret(config.data, terminal.env)
      const told = await withLedger(config, terminal, { mustExist: true }, async (opened) => {
        const ledger = opened as Ledger
        const now = terminal.now()
        await refuseWhileOneRuns(ledger, now)
        const print = await replaceSecret(ledger, given, now)
        if (print === null) return { replaced: false, sinks: [] }
        const { desk: deskKey } = deriveKeys(given)
        const sinks = createSinks({ ledger, deskKey, random: secureRandom(), clock: terminal.now })
        await sinks.load()
        const closed = await sinks.giveUpSecrets()
        const detail = { sinks: closed }
        await ledger.commit([
          {
            table: 'actions',
            row: { at: now, actor: operator(), action: 'secret.replace', target: print, detail },
          },
        ])
        return { replaced: true, sinks: closed }
      })
      answer(terminal, flags, told, () => [
        told.replaced
          ? 'The ledger goes on with the secret that is configured now. Start the gateways.'
          : 'The ledger is used with this secret already: nothing was changed.',
        ...(told.sinks.length === 0
          ? []
          : [
              `Off until their secret is entered anew (Settings, Alerts): ${told.sinks.join(', ')}`,
            ]),
      ])
    })
}

/** One with the old secret would go on by it, and could not be told from those with the new one. */
async function refuseWhileOneRuns(ledger: Ledger, now: number): Promise<void> {
  const running = await collection<Member>(ledger, ROSTER_KIND).list({
    from: now - GONE_MS,
    limit: 1,
  })
  const [member] = running
  if (member === undefined) return
  throw new CliFault(EXIT.refused, `the gateway ${member.value.gateway} runs on this ledger`, {
    mend: `stop all gateways first; one that was killed is forgotten after ${GONE_MS / 1000} s`,
  })
}
