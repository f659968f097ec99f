import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { openSqliteLedger } from '../ledger/sqlite/open.js'
import { createNetwork } from '../network/source.js'
import { createPhone } from '../phone/parse.js'
import type { ProviderConfig } from '../send/config.js'
import { providersFromConfig } from '../send/providers.js'
import { aheadOfLast, lastRetention } from '../verify/retention.js'
import type { Config } from './config.js'
import { ledgerConnections } from './doctor-connections.js'
import { sharedLedger, sharedLines } from './doctor-stores.js'
import { duration } from './duration.js'
import { faultOf } from './fault.js'
import type { Finding } from './finding.js'
import { type Led, whereLed } from './outward.js'
import { readPolicy } from './policy-file.js'
import { pricesOf } from './price-source.js'
import { secretFromEnvironment } from './secret.js'
import { ledgerFile, withLedger } from './store.js'
import type { Terminal } from './terminal.js'

const OLDEST_NODE = [20, 19] as const
/** This file cannot be older than its release: a clock before it is wrong. */
const NOT_BEFORE = Date.UTC(2026, 0, 1)

const ok = (name: string, found: string): Finding => ({ name, state: 'ok', found, mend: null })
const warn = (name: string, found: string, mend: string): Finding => ({
  name,
  state: 'warn',
  found,
  mend,
})
const fail = (name: string, found: string, mend: string | null): Finding => ({
  name,
  state: 'fail',
  found,
  mend,
})
/** A check that fails with what was thrown. */
async function trying(name: string, work: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await work()
  } catch (error) {
    const { message, mend } = faultOf(error)
    return fail(name, message.replace(/^unexpected: /, ''), mend)
  }
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  const found = `Node ${process.versions.node}`
  return enough
    ? ok('node', found)
    : fail('node', found, `install Node ${OLDEST_NODE.join('.')} or newer`)
}

function clock({ now }: Terminal): Finding {
  const at = new Date(now()).toISOString()
  return now() >= NOT_BEFORE
    ? ok('clock', at)
    : fail(
        'clock',
        `${at} cannot be right`,
        'set the clock of this machine, best by NTP: windows and budgets go by it',
      )
}

/** Looks one number and one address up, so that the tables are really read. */
const tables = (): Promise<Finding> =>
  trying('data tables', () => {
    const { problem } = createPhone().parse('+12015550123')
    const { asn, asnName } = createNetwork().sourceFacts('8.8.8.8')
    if (problem !== null || asn === null)
      return fail(
        'data tables',
        'read, but they do not know what they must',
        'build them again: node scripts/build-data.mjs --force',
      )
    return ok(
      'data tables',
      `numbering plans and networks are there (8.8.8.8 is AS${asn} ${asnName ?? ''})`,
    )
  })

function dataDirectory({ data, usesData }: Config): Finding {
  const name = 'data directory'
  if (!usesData) return ok(name, 'none: every start reads the log of the last 14 days')
  let existing = data
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing)
  const mend = 'give a directory that this user may write with --data or TOLLGATE_DATA'
  if (!statSync(existing).isDirectory()) return fail(name, `${existing} is no directory`, mend)
  try {
    // permissions alone do not tell of a read-only file system
    accessSync(existing, constants.W_OK | constants.X_OK)
    rmdirSync(mkdtempSync(join(existing, '.doctor-')))
  } catch (error) {
    return fail(name, `cannot write to ${existing}: ${(error as Error).message}`, mend)
  }
  if (existing !== data) return ok(name, `${data} does not exist yet and can be made`)
  const key = join(data, 'server.key')
  if (existsSync(key) && (statSync(key).mode & 0o077) !== 0 && process.platform !== 'win32')
    return warn(name, `${key} can be read by others`, `chmod 600 ${key}`)
  return ok(name, `${data} can be written`)
}

const ledger = (config: Config, terminal: Terminal): Promise<Finding> =>
  trying('ledger', async () => {
    if (config.stores.ledgerUrl !== null)
      return sharedLedger(config, terminal, config.stores.ledgerUrl)
    if (!existsSync(ledgerFile(config.data))) {
      // SQLite itself is there and migrations run
      const ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear' })
      await ledger.close()
      return ok('ledger', 'none yet; a new one opens and migrates')
    }
    return withLedger(config, terminal, { mustExist: true }, async (ledger) => {
      if (!(await ledger.healthy()))
        return fail('ledger', 'opens and does not answer', 'restore it from a backup')
      const { requests, outcomes } = await ledger.position()
      const has = `opens; ${requests} requests and ${outcomes} outcomes so far, ${(await ledger.keys()).length} keys`
      const aheadMs = aheadOfLast(await lastRetention(ledger), terminal.now())
      return aheadMs === 0
        ? ok('ledger', has)
        : warn(
            'ledger',
            `${has}; by this clock nothing old was deleted for ${duration(aheadMs)}: until a day after the start nothing will be`,
            'see that the clock is right; where no gateway ran for so long, all is well',
          )
    })
  })

const replica = (config: Config, terminal: Terminal): Promise<Finding> | null =>
  config.stores.replicaUrl === null
    ? null
    : sharedLedger(config, terminal, config.stores.replicaUrl, 'replica')

const lines = ({ stores: { linesUrl } }: Config): Promise<Finding> | null =>
  linesUrl === null ? null : sharedLines(linesUrl)

const secret = ({ stores }: Config, { env }: Terminal): Promise<Finding> =>
  trying('server key', () => {
    const given = secretFromEnvironment(env) !== null
    if (!given && stores.ledgerUrl !== null)
      return fail(
        'server key',
        'gateways on one ledger need one secret, and none is given',
        'set TOLLGATE_SECRET or TOLLGATE_SECRET_FILE to the same for all of them',
      )
    return ok('server key', given ? 'from the environment' : 'kept in the data directory')
  })

const policy = (config: Config): Promise<Finding> =>
  trying('policy', () => {
    const { policy } = readPolicy(config.policy)
    const services = Object.values(policy.services)
    if (config.policy === null)
      return warn(
        'policy',
        'built in: monitor mode, nothing is refused',
        'write a policy file and name it with --policy',
      )
    const names = services.map(({ name, mode }) => `${name} (${mode})`).join(', ')
    return ok(
      'policy',
      `${config.policy}: ${names === '' ? `no services named, ${policy.mode}` : names}`,
    )
  })

const prices = (config: Config): Promise<Finding> =>
  trying('prices', async () => {
    const table = await pricesOf(config)
    return config.prices === null
      ? warn(
          'prices',
          table.source,
          'name the price file of your provider with --prices: budgets are in money',
        )
      : ok('prices', `${table.source}: ${table.countries} countries`)
  })

const senders = (config: Config, { env, now }: Terminal): Promise<Finding> =>
  trying('senders', () => {
    providersFromConfig(config.send, { env, now })
    const list = config.send as ProviderConfig[]
    const names = list.map(({ name, type }) => `${name} (${type})`).join(', then ')
    return list.every(({ type }) => type === 'console')
      ? warn(
          'senders',
          `${names}: messages are printed and not sent`,
          'name a provider under send: in tollgate.yaml',
        )
      : ok('senders', names)
  })

/** Whom the gateway asks by HTTP, and whether it may where they are. */
const outward = async (config: Config, { env }: Terminal): Promise<Finding | null> => {
  const led = await whereLed(config, env)
  const told = (at: Led['at']): string =>
    led.flatMap((one) => (one.at === at ? [`${one.key}: ${one.says}`] : [])).join('; ')
  if (led.length === 0) return null
  if (told('private') !== '')
    return fail('outward', told('private'), 'allow it where it is meant, or give a public address')
  return told('unknown') === ''
    ? ok('outward', `${told('public')}; not in a private network, or allowed there`)
    : warn('outward', told('unknown'), 'check the name, and the name servers of this machine')
}

function port({ server: { host, port } }: Config): Promise<Finding> {
  const where = `${host}:${port}`
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve(
        code === 'EADDRINUSE'
          ? warn(
              'port',
              `${where} is taken; a gateway that runs here already would be why`,
              'otherwise stop what listens there, or give another with --port',
            )
          : fail('port', `${where}: ${message}`, 'check server.host and server.port'),
      ),
    )
    probe.listen({ host, port }, () => probe.close(() => resolve(ok('port', `${where} is free`))))
  })
}

function retention({ retention: { requestsMs, verificationsMs }, stores }: Config): Finding {
  const longer = stores.ledgerUrl === null ? '' : '; in PostgreSQL up to a day longer'
  return ok(
    'retention',
    `requests ${duration(requestsMs)}, verifications ${duration(verificationsMs)}${longer}`,
  )
}

/** What the configuration says of networks and of national numbers, as a start reads it. */
const facts = ({ network, defaultCountry }: Config): Promise<Finding> =>
  trying('networks and numbers', () => {
    createNetwork(network)
    createPhone(defaultCountry === null ? {} : { defaultCountry })
    return ok('networks and numbers', 'can be used as they are configured')
  })

/** Do not need to know how the gateway is set up. */
export const MACHINE_CHECKS: readonly ((terminal: Terminal) => Finding | Promise<Finding>)[] = [
  node,
  clock,
  tables,
]

export const INSTALLATION_CHECKS: readonly ((
  config: Config,
  terminal: Terminal,
) => Finding | null | Promise<Finding | null>)[] = [
  dataDirectory,
  secret,
  lines,
  ledger,
  ledgerConnections,
  replica,
  facts,
  policy,
  prices,
  senders,
  outward,
  port,
  retention,
]
