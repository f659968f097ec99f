import type { Command } from 'commander'
import { firstAdminLink } from '../desk/access/first-admin.js'
import { createLinks, linkUrl } from '../desk/access/links.js'
import { recorder } from '../desk/access/record.js'
import { cleanName, ROLES, type Role, sameName } from '../desk/access/user.js'
import { createUsers } from '../desk/access/users.js'
import type { Ledger } from '../ledger/port.js'
import { secureRandom } from '../verify/random.js'
import { columns } from './columns.js'
import type { Config } from './config.js'
import { configFlags, configOf } from './config-flags.js'
import { consoleUrlOf } from './console-url.js'
import { CliFault, EXIT, usageFault } from './fault.js'
import { operator, withLedger } from './store.js'
import { answer, type GlobalFlags, type Terminal } from './terminal.js'

/** `tollgate users`: who may sign in to the console; for when nobody can. Works beside a running gateway, and without one. */
export function addUsers(program: Command, terminal: Terminal): void {
  const users = program
    .command('users')
    .description('users of the console: list them, invite them, let them in again')

  const open = <T>(
    command: Command,
    mustExist: boolean,
    work: (desk: ReturnType<typeof deskOf>, config: Config) => Promise<T>,
  ): Promise<T> => {
    const config = configOf(command, terminal)
    return withLedger(config, terminal, { mustExist }, (ledger) =>
      work(deskOf(ledger as Ledger, terminal), config),
    )
  }

  configFlags(users.command('list'))
    .description('list users')
    .action(async (_: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const known = await open(command, true, ({ users }) => users.list())
      const shown = known.map(({ passkeys, ...user }) => ({ ...user, passkeys: passkeys.length }))
      answer(terminal, flags, { users: shown }, () =>
        shown.length === 0
          ? ['no users yet; the first one is made with: tollgate users link']
          : columns(
              [
                { title: 'name' },
                { title: 'role' },
                { title: 'passkeys', align: 'right' },
                { title: 'last sign-in' },
                { title: '' },
              ],
              shown.map((user) => [
                user.name,
                user.role,
                String(user.passkeys),
                user.lastSignInAt === null
                  ? 'never'
                  : new Date(user.lastSignInAt).toISOString().slice(0, 16).replace('T', ' '),
                user.disabled ? 'disabled' : '',
              ]),
            ),
      )
    })

  configFlags(users.command('invite'))
    .argument('<name>', 'name of the new user')
    .option('--role <role>', ROLES.join(', '), 'viewer')
    .description('a one-time link that makes a user; works for three days')
    .addHelpText(
      'after',
      `
Example:
  $ tollgate users invite ada@example.com --role admin`,
    )
    .action(async (given: string, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags & { role: string }>()
      const role = ROLES.find((known) => known === flags.role)
      if (role === undefined)
        throw usageFault(`--role ${flags.role} is no role`, `give one of ${ROLES.join(', ')}`)
      const name = cleanName(given)
      if (name === '') throw usageFault('the name has no character that can be seen')
      const made = await open(command, false, async ({ users, links, record }, config) => {
        const invited = (await links.list('invite')).some((link) => sameName(link.name, name))
        if (invited || (await users.named(name)) !== null)
          throw new CliFault(EXIT.refused, `there is a user or an invitation named ${name}`, {
            mend: `let them in again with: tollgate users link ${JSON.stringify(name)}`,
          })
        const by = operator()
        const link = await links.make({ purpose: 'invite', name, role, userId: null, by })
        await record({ actor: by, action: 'user.invite', target: name, detail: { role } })
        return { ...link, config }
      })
      await tellLink(terminal, flags, { ...made, name, role })
    })

  configFlags(users.command('link'))
    .argument('[name]', 'who is locked out; leave it out to make the first administrator')
    .description('a one-time link to sign in with and register a passkey; works for a day')
    .addHelpText(
      'after',
      `
Examples:
  $ tollgate users link
  $ tollgate users link ada@example.com`,
    )
    .action(async (name: string | undefined, _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<GlobalFlags>()
      const made = await open(command, false, async (desk, config) => {
        const { users, links, record } = desk
        const by = operator()
        if (name === undefined) {
          const link = await firstAdminLink(desk, by)
          if (link === null)
            throw new CliFault(EXIT.refused, 'there is a user already', {
              mend: 'name who is locked out (tollgate users list), or: tollgate users invite <name> --role admin',
            })
          return { ...link, name: '', role: 'admin' as Role, config }
        }
        const user = await users.named(name)
        if (user === null)
          throw new CliFault(EXIT.refused, `there is no user named ${name}`, {
            mend: 'see them with: tollgate users list',
          })
        if (user.identity !== null || user.disabled)
          throw new CliFault(
            EXIT.refused,
            user.disabled
              ? `${user.name} is disabled`
              : `${user.name} signs in with the organisation's provider`,
            { mend: 'make an administrator with: tollgate users invite <name> --role admin' },
          )
        const { id: userId, role } = user
        const link = await links.make({ purpose: 'passkey', name: user.name, role, userId, by })
        const target = `user:${userId}`
        await record({ actor: by, action: 'user.link', target, detail: { name: user.name } })
        return { ...link, name: user.name, role, config }
      })
      await tellLink(terminal, flags, made)
    })
}

function deskOf(ledger: Ledger, terminal: Terminal) {
  const base = { store: ledger, clock: terminal.now, random: secureRandom() }
  return {
    users: createUsers(base),
    links: createLinks(base),
    record: recorder(ledger, terminal.now),
  }
}

async function tellLink(
  terminal: Terminal,
  flags: GlobalFlags,
  made: { token: string; expiresAt: number; name: string; role: Role; config: Config },
): Promise<void> {
  const { token, expiresAt, name, role, config } = made
  const { url, missing } = await consoleUrlOf(config)
  const link = linkUrl(url, token)
  answer(terminal, flags, { link, expiresAt, name, role }, () => [
    link,
    '',
    `Works once, until ${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC. Whoever opens it gets in${name === '' ? ' as the first administrator' : ` as ${name} (${role})`}.`,
  ])
  if (missing === null) return
  terminal.err(`tollgate: ${missing.what}`)
  terminal.err(`  ${missing.mend}`)
}
