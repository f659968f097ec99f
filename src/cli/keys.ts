import type { Command } from 'commander'
import { cleanName } from '../desk/access/user.js'
import { createKey, KEY_ID, LONGEST_KEY_NAME, SCOPES, type Scope } from '../http/keys.js'
import type { Ledger } from '../ledger/port.js'
import type { ActionRow } from '../ledger/rows.js'
import { secureRandom } from '../verify/random.js'
import { columns } from './columns.js'
import { configFlags, configOf } from './config-flags.js'
import { CliFault, EXIT, usageFault } from './fault.js'
import { operator, withLedger } from './store.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

/** `tollgate keys`: works on the ledger itself, also beside a running gateway, which follows within seconds. */
export function addKeys(program: Command, terminal: Terminal): void {
  const keys = program.command('keys').description('create, list and revoke API keys')

  configFlags(keys.command('create'))
    .description('create an API key; its secret is shown once')
    .option('--name <name>', 'what the key is for', 'unnamed')
    .option('--scopes <list>', `some of ${SCOPES.join(', ')}`, '*')
    .option('--id <id>', "id of your own; AC and 32 hex digits for Twilio's SDK")
    .addHelpText(
      'after',
      `
Examples:
  $ tollgate keys create --name shop --scopes decide,verify,outcomes
  $ tollgate keys create --name ops --json`,
    )
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<
        GlobalFlags & { name: string; scopes: string; id?: string }
      >()
      const scopes = scopesOf(flags.scopes)
      if (cleanName(flags.name) === '') throw usageFault('--name has no character that can be seen')
      if (flags.name.length > LONGEST_KEY_NAME)
        throw usageFault(
          `--name has ${flags.name.length} characters`,
          `give at most ${LONGEST_KEY_NAME}`,
        )
      if (flags.id !== undefined && !KEY_ID.test(flags.id))
        throw usageFault(`--id ${flags.id} cannot be one`, 'use 3 to 64 letters, digits, - or _')
      const { row, secret } = createKey({
        name: flags.name,
        scopes,
        now: terminal.now(),
        random: secureRandom(),
        ...(flags.id !== undefined && { id: flags.id }),
      })
      await withLedger(
        configOf(command, terminal),
        terminal,
        { mustExist: false },
        async (ledger) => {
          if ((await ledger.key(row.id)) !== null)
            throw new CliFault(EXIT.refused, `there is a key ${row.id} already`, {
              mend: 'leave --id out, or revoke that key and choose another id',
            })
          await ledger.putKey(row)
          await record(ledger, terminal.now(), 'key.create', row.id, { name: row.name, scopes })
        },
      )
      const { secretHash: _hash, ...shown } = row
      answer(terminal, flags, { ...shown, secret }, () => [
        `id      ${row.id}`,
        `secret  ${secret}`,
        `scopes  ${scopes.join(', ')}`,
        '',
        `The secret is not shown again. Use it as: curl -u ${row.id}:${secret} ...`,
      ])
    })

  configFlags(keys.command('list'))
    .description('list API keys')
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const rows = await withLedger(
        configOf(command, terminal),
        terminal,
        { mustExist: true },
        (ledger) => ledger.keys(),
      )
      const shown = rows.map(({ secretHash: _hash, ...row }) => row)
      answer(terminal, flags, { keys: shown }, () =>
        shown.length === 0
          ? ['no keys yet; make one with: tollgate keys create --name shop']
          : columns(
              [
                { title: 'id' },
                { title: 'name' },
                { title: 'scopes' },
                { title: 'created' },
                { title: 'revoked' },
              ],
              shown.map((row) => [
                row.id,
                row.name,
                row.scopes.join(','),
                day(row.createdAt),
                row.revokedAt === null ? '' : day(row.revokedAt),
              ]),
            ),
      )
    })

  configFlags(keys.command('revoke'))
    .argument('<id>', 'id of the key')
    .description('revoke an API key: a running gateway refuses it within seconds')
    .action(async (id: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const now = terminal.now()
      await withLedger(
        configOf(command, terminal),
        terminal,
        { mustExist: true },
        async (ledger) => {
          if (!(await ledger.revokeKey(id, now)))
            throw new CliFault(EXIT.refused, `there is no key ${id} that is not revoked already`, {
              mend: 'see them with: tollgate keys list',
            })
          await record(ledger, now, 'key.revoke', id, null)
        },
      )
      answer(terminal, flags, { id, revokedAt: now }, () => [`revoked ${id}`])
    })
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

function scopesOf(text: string): Scope[] {
  const known: readonly string[] = SCOPES
  const scopes = [...new Set(text.split(',').map((scope) => scope.trim()))]
  const wrong = scopes.find((scope) => !known.includes(scope))
  if (wrong === undefined) return scopes as Scope[]
  throw usageFault(
    `--scopes: ${JSON.stringify(wrong)} is no scope`,
    `give some of ${SCOPES.join(', ')}`,
  )
}

async function record(
  ledger: Ledger,
  at: number,
  action: string,
  target: string,
  detail: ActionRow['detail'],
): Promise<void> {
  ledger.append([{ table: 'actions', row: { at, actor: operator(), action, target, detail } }])
  await ledger.commit()
}
