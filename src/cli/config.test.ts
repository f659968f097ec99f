import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Config, type ConfigFlags, loadConfig } from './config.js'
import { ENVIRONMENT } from './config-env.js'
import { CliFault, EXIT } from './fault.js'
import { storesText } from './stores-config.js'

let folder: string
let warnings: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-config-'))
  warnings = []
})
afterEach(() => rmSync(folder, { recursive: true }))

function load(
  yaml: string | null,
  env: Record<string, string> = {},
  flags: ConfigFlags = {},
): Config {
  const file = join(folder, 'gate.yaml')
  if (yaml !== null) writeFileSync(file, yaml)
  const config = yaml === null ? {} : { config: file }
  return loadConfig(
    { ...config, ...flags },
    { env, cwd: folder, warn: (text) => warnings.push(text) },
  )
}

function faultOf(
  yaml: string | null,
  env: Record<string, string> = {},
  flags: ConfigFlags = {},
): CliFault {
  try {
    load(yaml, env, flags)
  } catch (error) {
    if (error instanceof CliFault) return error
    throw error
  }
  throw new Error('the configuration was taken')
}

describe('where settings come from', () => {
  it('runs with none', () => {
    expect(load(null)).toMatchObject({
      file: null,
      server: { host: '127.0.0.1', port: 7700, trustProxies: [], publicUrl: null },
      data: join(folder, 'data'),
      send: [{ name: 'console', type: 'console' }],
      policy: null,
      numbers: 'clear',
      retention: { requestsMs: 90 * 86_400_000, verificationsMs: 30 * 86_400_000 },
      log: { level: 'info' },
    })
  })

  it('takes the tollgate.yaml of the working directory where none is named', () => {
    writeFileSync(join(folder, 'tollgate.yaml'), 'server: { port: 8000 }')
    expect(load(null)).toMatchObject({
      file: join(folder, 'tollgate.yaml'),
      server: { port: 8000 },
    })
  })

  it('flags are stronger than the environment, and that than the file', () => {
    const yaml = 'server: { port: 8000, host: 0.0.0.0 }\ndata: here'
    expect(load(yaml).server.port).toBe(8000)
    const env = { TOLLGATE_PORT: '8001', TOLLGATE_DATA: 'there' }
    expect(load(yaml, env)).toMatchObject({
      server: { port: 8001, host: '0.0.0.0' },
      data: join(folder, 'there'),
    })
    expect(load(yaml, env, { port: 8002, data: '/else' })).toMatchObject({
      server: { port: 8002, host: '0.0.0.0' },
      data: '/else',
    })
  })

  it('every key has one name in the environment', () => {
    const names = ENVIRONMENT.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('TOLLGATE_TRUST_PROXIES')
    expect(names).toContain('TOLLGATE_RETENTION_REQUESTS')
  })

  it('reads lists, numbers, flags and blocks from the environment', () => {
    const config = load(null, {
      TOLLGATE_TRUST_PROXIES: '10.0.0.0/8, 127.0.0.1/32',
      TOLLGATE_OPEN_METRICS: 'false',
      TOLLGATE_NETWORK_HOSTING: '64500,64501',
      TOLLGATE_RATES: '{ EUR: 1.08 }',
      TOLLGATE_SEND:
        '[{ name: main, type: http, url: "http://127.0.0.1:9/sms", allowPrivate: true }]',
      TOLLGATE_RETENTION_REQUESTS: '1d12h',
      TOLLGATE_NUMBERS: 'hashed',
    })
    expect(config).toMatchObject({
      server: { trustProxies: ['10.0.0.0/8', '127.0.0.1/32'], openMetrics: false },
      network: { hosting: [64500, 64501] },
      rates: { EUR: 1.08 },
      send: [{ name: 'main', type: 'http', url: 'http://127.0.0.1:9/sms', allowPrivate: true }],
      retention: { requestsMs: 36 * 3_600_000 },
      numbers: 'hashed',
    })
  })

  it('paths of the file go from its folder, those of flags and environment from the working directory', () => {
    const yaml = `policy: rules/p.yaml
data: ./store
send: [{ name: a, type: http, url: "https://x.test", headers: { authorization: { file: secrets/token } } }]`
    const file = join(folder, 'gate.yaml')
    writeFileSync(file, yaml)
    const config = loadConfig(
      { config: file, prices: 'prices.csv' },
      { env: {}, cwd: '/srv', warn: () => undefined },
    )
    expect(config).toMatchObject({
      policy: join(folder, 'rules/p.yaml'),
      data: join(folder, 'store'),
      prices: '/srv/prices.csv',
      send: [{ headers: { authorization: { file: join(folder, 'secrets/token') } } }],
    })
  })
})

describe('what is wrong is told with its place and how to mend it', () => {
  const cases: [name: string, yaml: string, told: string][] = [
    [
      'a misspelt key',
      'server:\n  prot: 80',
      'gate.yaml:2:3: server.prot: unknown key; did you mean port?',
    ],
    ['an unknown key', 'zebra: 1', 'gate.yaml:1:1: zebra: unknown key; known keys: server, data'],
    [
      'a wrong type',
      'data: ./d\nserver:\n  port: "80"',
      'gate.yaml:3:3: server.port: "80" is not right; give a port',
    ],
    [
      'a port that is none',
      'server: { port: 70000 }',
      'gate.yaml:1:11: server.port: 70000 is not right',
    ],
    ['broken YAML', 'server: {', 'gate.yaml:1:10'],
    ['a key given twice', 'data: a\ndata: b', 'gate.yaml:2:1'],
    ['a file that is a list', '- a', 'gate.yaml:1:1'],
    [
      'a store of lines that is none, without its password',
      'lines: amqp://me:hush@127.0.0.1/x?secret=y',
      'gate.yaml:1:1: lines: "amqp://***@127.0.0.1/x" is no store; use lines: memory, or redis://host:6379',
    ],
    [
      'a shared ledger that is none',
      'ledger: postgres:/db/x',
      'ledger: "postgres:/db/x" is no store; use ledger: sqlite, or postgres://user@host/database',
    ],
    ['a store that is none', 'ledger: mysql', 'ledger: "mysql" is no store; use ledger: sqlite'],
    [
      'shared lines without a shared ledger',
      'lines: redis://:hush@127.0.0.1:6379/2',
      'lines: redis://***@127.0.0.1:6379/2 is shared by gateways, and their ledger is not',
    ],
    ['a standby of no database', 'replica: postgres://db/x', 'replica: there is no ledger'],
    ['no directory where the ledger is in one', 'data: none', 'data: none needs lines and ledger'],
    [
      'a retention of nothing, which would delete everything',
      'retention: { requests: 0d }',
      'retention.requests: "0d" is not right; give an age such as 90d',
    ],
    ['a rate of nothing', 'rates: { EUR: 0 }', 'rates.EUR: 0 is not right; give a number above 0'],
    [
      'a duration without unit',
      'retention: { requests: "90" }',
      'retention.requests: "90" is not right; give an age such as 90d',
    ],
    [
      'a log level that is none',
      'log: { level: loud }',
      'log.level: "loud" is not right; give one of silent, error, warn, info, debug',
    ],
    [
      'a provider with a wrong key',
      'send:\n  - { name: a, type: http, url: "http://x", hedders: {} }',
      'gate.yaml:2:45: send[0].hedders: unknown key',
    ],
    [
      'a provider of no type',
      'send:\n  - name: a\n    type: pigeon',
      'gate.yaml:3:5: send[0].type: "pigeon" is none of console, twilio, http',
    ],
    [
      'a proxy that is no address',
      'server:\n  trustProxies: [10.0.0.0/8, proxy.internal]',
      'gate.yaml:2:30: server.trustProxies[1]: "proxy.internal": write an address',
    ],
    [
      'a word where a block belongs',
      'log: debug',
      'log: "debug" is not right; give keys with values: level',
    ],
    ['a list', '- server', '["server"] is not right; give keys with values: server, data'],
    [
      'a rate that is no number',
      'rates: { EUR: much }',
      'rates.EUR: "much" is not right; give a number',
    ],
    ['no provider', 'send: []', 'send: [] is not right; give a list of providers'],
  ]
  it.each(cases)('%s', (_, yaml, told) => {
    const fault = faultOf(yaml)
    expect(fault.exit).toBe(EXIT.usage)
    expect(fault.message).toContain(told)
  })

  it('all of it at once', () => {
    const fault = faultOf('zebra: 1\nserver: { port: x, hots: y }', { TOLLGATE_CAPACITY: 'many' })
    expect(fault.message.split('\n')).toHaveLength(4)
    expect(fault.message).toContain('environment TOLLGATE_CAPACITY: "many" is not right')
  })

  it('a file that is not there', () => {
    expect(faultOf(null, {}, { config: 'none.yaml' })).toMatchObject({
      message: expect.stringContaining(`cannot read ${join(folder, 'none.yaml')}`),
      mend: expect.stringContaining('--config'),
    })
  })

  it('the variable that Kubernetes sets for a Service of our name', () => {
    const fault = faultOf(null, { TOLLGATE_PORT: 'tcp://10.96.0.1:7700' })
    expect(fault.message).toContain('enableServiceLinks: false')
  })

  it('shared stores from the environment, or from where their secrets are', () => {
    writeFileSync(join(folder, 'pg'), 'postgresql://gate:pw@db/tollgate\n')
    const config = load('ledger: { file: pg }', {
      TOLLGATE_LINES: 'rediss://cache',
      TOLLGATE_GATEWAY: 'a-1',
    })
    expect(config.stores).toEqual({
      linesUrl: 'rediss://cache',
      ledgerUrl: 'postgresql://gate:pw@db/tollgate',
      replicaUrl: null,
    })
    expect(config.gateway).toBe('a-1')
    expect(storesText(config.stores)).toBe(
      'lines rediss://cache, ledger postgresql://***@db/tollgate',
    )
    expect(load(`lines: redis://c\nledger: postgres://d/x\ndata: none`).usesData).toBe(false)
    expect(load('data: ./none')).toMatchObject({ usesData: true, data: join(folder, 'none') })
    expect(load(null, {}, { data: '/srv/none' })).toMatchObject({ usesData: true })
  })

  it('a misspelt name in the environment is warned of, a foreign one is not', () => {
    load(null, { TOLLGATE_POLCIY: 'p.yaml', TOLLGATE_REQUIRE_CHROMIUM: '1' })
    expect(warnings).toEqual([
      'environment TOLLGATE_POLCIY: unknown; did you mean TOLLGATE_POLICY?',
    ])
  })
})
