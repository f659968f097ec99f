import { existsSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { MINUTE } from '../engine/units.js'
import { activateNumberKey, addNumberKey } from '../verify/number-keys.js'
import { columns } from './columns.js'
import type { Config } from './config.js'
import { configFlags, configOf } from './config-flags.js'
import { asUsage, CliFault, EXIT, usageFault } from './fault.js'
import { numberKeysFile, operator, withLedger } from './store.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

/** Rows between two lines of progress. */
const STEP = 2_000
/** Every gateway that runs has followed a change of the file of keys after this. */
const FOLLOWED_MS = MINUTE

/** `tollgate numbers`: the keys of encrypted numbers. Works beside running gateways. */
export function addNumbers(program: Command, terminal: Terminal): void {
  const numbers = program
    .command('numbers')
    .description('keys of encrypted phone numbers: list, add, rotate, give up')

  configFlags(numbers.command('keys'))
    .description('list the keys, and how many numbers each has sealed')
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const config = encrypted(configOf(command, terminal))
      const keys = await withLedger(config, terminal, { mustExist: true }, (ledger) =>
        ledger.privacy.numberKeys(),
      )
      answer(terminal, flags, { file: numberKeysFile(config), keys }, () =>
        columns(
          [{ title: 'key' }, { title: 'numbers', align: 'right' }, { title: '' }],
          keys.map(({ id, rows, active, there }) => [
            id,
            rows.toLocaleString('en'),
            active ? 'seals' : there ? (rows === 0 ? 'may be removed' : 'opens') : 'missing',
          ]),
        ),
      )
    })

  configFlags(numbers.command('key'))
    .option('--id <id>', 'its name; the day by default')
    .option(
      '--standby',
      'it opens and does not seal yet: for several gateways, one after the other',
    )
    .option('--activate <id>', 'make a key seal that is there already')
    .description('add a key to the ring, or say which one seals')
    .addHelpText(
      'after',
      `
One gateway:        $ tollgate numbers key && sleep 60 && tollgate numbers rotate
Several gateways:   1. tollgate numbers key --standby, and bring the file to all of them
                    2. tollgate numbers key --activate <id>, and bring it to all of them
                    3. tollgate numbers rotate, once`,
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<
        GlobalFlags & { id?: string; standby?: boolean; activate?: string }
      >()
      const config = encrypted(configOf(command, terminal))
      const file = numberKeysFile(config)
      const { activate, id: name, standby = false } = flags
      const id = await asUsage('', () => {
        if (activate === undefined)
          return addNumberKey(file, {
            ...{ now: terminal.now(), standby },
            ...(name !== undefined && { id: name }),
          })
        activateNumberKey(file, activate)
        return activate
      })
      const seals = !standby
      answer(terminal, flags, { id, file, seals }, () => [
        `${id} ${seals ? 'seals from now on' : 'opens, and does not seal yet'}: ${file}`,
        'A running gateway follows the file within half a minute.',
        'Keep a copy apart from the data: without it nobody can read these numbers again.',
      ])
    })

  configFlags(numbers.command('rotate'))
    .description(
      'seal all numbers with the active key; may be stopped and run again, gateways go on',
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const config = encrypted(configOf(command, terminal))
      const told = await withLedger(config, terminal, { mustExist: true }, async (ledger) => {
        const { privacy } = ledger
        let sealed = 0
        for (let step = STEP; step === STEP; ) {
          step = await privacy.reseal(STEP)
          sealed += step
          terminal.progress?.(`${sealed.toLocaleString('en')} numbers sealed again`)
        }
        terminal.progress?.('')
        const keys = await privacy.numberKeys()
        const key = keys.find(({ active }) => active)?.id ?? ''
        if (sealed > 0)
          await ledger.commit([
            {
              table: 'actions',
              row: {
                ...{ at: terminal.now(), actor: operator(), action: 'numbers.rotate' },
                ...{ target: key, detail: { sealed } },
              },
            },
          ])
        return { key, sealed, unused: keys.filter(({ active, rows }) => !active && rows === 0) }
      })
      const file = numberKeysFile(config)
      // a gateway that has not seen the file yet goes on sealing with the key before
      const again = statSync(file).mtimeMs > terminal.now() - FOLLOWED_MS
      const unused = again ? [] : told.unused.map(({ id }) => id)
      answer(terminal, flags, { ...told, unused, again }, () => [
        `${told.sealed.toLocaleString('en')} numbers sealed again; all are sealed with ${told.key}`,
        ...(again
          ? [
              'The keys changed just now, and gateways seal with the one before for half a minute: run it again in a minute.',
            ]
          : []),
        ...(unused.length === 0
          ? []
          : [
              `Seals nothing any more: ${unused.join(', ')}. Remove it from ${file} when no backup needs it.`,
            ]),
      ])
    })

  configFlags(numbers.command('forget'))
    .argument('<id>', 'the key that is lost')
    .option('--yes', 'the key is lost for good, and nobody will read these numbers again')
    .description('give up the numbers of a key that is lost; they stay as hashes')
    .action(async (id: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & { yes?: boolean }>()
      const config = encrypted(configOf(command, terminal))
      if (flags.yes !== true)
        throw usageFault(
          `nobody will be able to read the numbers that ${id} has sealed`,
          'look for the key once more; if it is lost for good, add --yes',
        )
      const forgotten = await withLedger(
        config,
        terminal,
        { mustExist: true, givenUp: id },
        async (ledger) => {
          const keys = await ledger.privacy.numberKeys()
          const key = keys.find((one) => one.id === id)
          if (key === undefined)
            throw new CliFault(EXIT.refused, `no number is sealed with a key ${id}`, {
              mend: 'see them with: tollgate numbers keys',
            })
          if (key.there)
            throw new CliFault(EXIT.refused, `the key ${id} is there: it is not lost`, {
              mend: 'to stop using it: tollgate numbers rotate',
            })
          let rows = 0
          for (let step = STEP; step === STEP; rows += step)
            step = await ledger.privacy.forgetKey(id, STEP)
          await ledger.commit([
            {
              table: 'actions',
              row: {
                ...{ at: terminal.now(), actor: operator(), action: 'numbers.forget' },
                ...{ target: id, detail: { rows } },
              },
            },
          ])
          return rows
        },
      )
      answer(terminal, flags, { id, forgotten }, () => [
        `${forgotten.toLocaleString('en')} numbers of ${id} are given up; their records stay, under hashes`,
      ])
    })

  function encrypted(config: Config): Config {
    if (config.numbers === 'encrypted') {
      const file = numberKeysFile(config)
      if (config.numberKeys !== null && !existsSync(file))
        throw usageFault(`numberKeys: there is no file ${file}`, 'make it, or correct the path')
      return config
    }
    throw usageFault(
      `numbers are kept ${config.numbers === 'clear' ? 'in clear' : 'as hashes'} here`,
      'set numbers: encrypted in the deployment file, or TOLLGATE_NUMBERS=encrypted',
    )
  }
}
