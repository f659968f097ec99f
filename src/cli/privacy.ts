import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { createPrivacy } from '../desk/privacy/privacy.js'
import { maskNumber } from '../engine/mask.js'
import { wholeFile } from '../files/whole-file.js'
import { createPhone } from '../phone/parse.js'
import type { Config } from './config.js'
import { configFlags, configOf } from './config-flags.js'
import { usageFault } from './fault.js'
import { checkOutputs } from './outputs.js'
import { operator, withLedger } from './store.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

/** `tollgate privacy`: what people may ask about their own number. Works beside running gateways. */
export function addPrivacy(program: Command, terminal: Terminal): void {
  const privacy = program
    .command('privacy')
    .description('what a person may ask about their number: see what is held, be forgotten')

  configFlags(privacy.command('export'))
    .argument('<number>', 'E.164, such as +2348031234567')
    .option(
      '--out <file>',
      'write it there, for its owner to read only; replaces a file that is there',
    )
    .description('everything that is held about a number, as JSON')
    .action(async (given: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & { out?: string }>()
      const config = configOf(command, terminal)
      const number = numberOf(given, config)
      const read = config.file === null ? [] : [config.file]
      checkOutputs({ '--out': flags.out }, read, terminal.cwd, config.data)
      const data = await withLedger(config, terminal, { mustExist: true }, (ledger) =>
        createPrivacy({ ledger, clock: terminal.now }).export(operator(), number),
      )
      const text = JSON.stringify(data, null, 2)
      if (flags.out === undefined) return terminal.out(text)
      const file = resolve(terminal.cwd, flags.out)
      await wholeFile(file, (draft) => writeFile(draft, `${text}\n`), { private: true })
      answer(terminal, flags, { file }, () => [file])
    })

  configFlags(privacy.command('erase'))
    .argument('<number>', 'E.164, such as +2348031234567')
    .option('--lists', 'from the allow, deny and watch lists too')
    .option('--yes', 'do it: there is no way back')
    .description('take a number out of every record, for good; money and counts stay')
    .addHelpText(
      'after',
      `
Example:
  $ tollgate privacy erase +2348031234567 --lists --yes`,
    )
    .action(async (given: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & { lists?: boolean; yes?: boolean }>()
      const config = configOf(command, terminal)
      const number = numberOf(given, config)
      if (flags.yes !== true)
        throw usageFault(
          `this erases ${maskNumber(number)} from every record, and there is no way back`,
          'to do it, add --yes; to see what is held: tollgate privacy export',
        )
      const erased = await withLedger(config, terminal, { mustExist: true }, (ledger) =>
        createPrivacy({ ledger, clock: terminal.now }).erase(operator(), number, {
          lists: flags.lists === true,
        }),
      )
      const { requests, verifications, sends, documents, lists } = erased
      const { inFlight, inFlightUntil, policyVersions } = erased
      const left = [...erased.listsLeft, ...(erased.watchLeft ? ['watch'] : [])]
      answer(terminal, flags, erased, () => [
        `erased from ${requests} requests, ${verifications} verifications, ${sends} messages, ${documents} documents, ${lists} list entries`,
        ...(inFlight === 0
          ? []
          : [
              `${inFlight} messages are not settled yet: run it again after ${new Date(inFlightUntil ?? 0).toISOString()}`,
            ]),
        ...(left.length === 0 ? [] : [`still on the lists: ${left.join(', ')} (--lists)`]),
        ...(policyVersions.length === 0
          ? []
          : [
              `named in versions ${policyVersions.join(', ')} of the policy: take it out of the policy file`,
            ]),
      ])
    })
}

function numberOf(given: string, { defaultCountry }: Config): string {
  const { parse } = createPhone(defaultCountry === null ? {} : { defaultCountry })
  const { e164 } = parse(given)
  if (e164 !== '') return e164
  throw usageFault(`${maskNumber(given)} is no phone number`, 'write it as +2348031234567')
}
