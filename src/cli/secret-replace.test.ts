import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tollgate } from '../../test/fakes/terminal.js'
import { ROSTER_KIND } from '../cluster/roster.js'
import { createSinks } from '../desk/alert/sinks.js'
import { collection } from '../ledger/collection.js'
import type { Ledger } from '../ledger/port.js'
import { secureRandom } from '../verify/random.js'
import { loadConfig } from './config.js'
import { EXIT } from './fault.js'
import { startGateway } from './gateway.js'
import { withLedger } from './store.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-secret-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const env = { TOLLGATE_PORT: '0', TOLLGATE_LOG_LEVEL: 'silent' }
const start = async (more = {}) => {
  const given = { ...env, ...more }
  const config = loadConfig({}, { env: given, cwd: folder, warn: () => undefined })
  return startGateway({ config, env: given, clock: Date.now, write: () => undefined })
}
const once = async (more = {}) => (await start(more)).close()
const replace = (more = {}, ...args: string[]) =>
  tollgate(['secret', 'replace', ...args], { cwd: folder, env: more, now: Date.now })
const inLedger = <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> =>
  withLedger(
    { data: join(folder, 'data'), numbers: 'clear', numberKeys: null },
    { env: {}, now: Date.now },
    { mustExist: true },
    (ledger) => work(ledger as Ledger),
  )
const sinksOf = async (ledger: Ledger) => {
  const parts = { deskKey: Buffer.alloc(32, 1), random: secureRandom(), clock: () => 1 }
  const sinks = createSinks({ ledger, ...parts })
  await sinks.load()
  return sinks
}
const key = () => join(folder, 'data', 'server.key')

test('a ledger that was restored without its secret is not opened with a new one', async () => {
  await once()
  renameSync(key(), join(folder, 'kept.key'))
  await expect(once()).rejects.toThrow(/another secret .*server\.key in the data directory/)
  renameSync(join(folder, 'kept.key'), key())
  await once()
  await expect(once({ TOLLGATE_SECRET: 'f'.repeat(64) })).rejects.toThrow('another secret')
})

test('a secret that is lost is replaced on demand, and what it had sealed is off and told', async () => {
  await once()
  await inLedger(async (ledger) => {
    const sinks = await sinksOf(ledger)
    const sink = { name: 'on call', kind: 'slack', enabled: true, secret: 'https://a.example/x' }
    await sinks.put(null, sink as unknown as Parameters<typeof sinks.put>[1])
  })
  rmSync(key())
  expect(await replace()).toMatchObject({ exit: EXIT.usage, err: expect.stringMatching('--yes') })
  expect(await replace({}, '--yes')).toMatchObject({
    exit: EXIT.ok,
    out: expect.stringContaining('entered anew (Settings, Alerts): on call'),
  })
  await once()
  await inLedger(async (ledger) => {
    const [[, sink] = []] = (await sinksOf(ledger)).all()
    expect(sink).toMatchObject({ name: 'on call', enabled: false, secret: null })
    expect(await ledger.actions(1)).toMatchObject([{ action: 'secret.replace' }])
  })
  expect((await replace({}, '--yes')).out).toContain('nothing was changed')
})

test('not while a gateway runs, embedded or of a cluster', async () => {
  const gateway = await start()
  expect(await replace({}, '--yes')).toMatchObject({ exit: EXIT.store })
  await gateway.close()
  await inLedger((ledger) =>
    collection(ledger, ROSTER_KIND).put({
      ...{ id: 'a:1', at: Date.now(), expiresAt: Date.now() + 20_000 },
      value: { gateway: 'a', share: 1 },
    }),
  )
  expect(await replace({ TOLLGATE_SECRET: 'f'.repeat(64) }, '--yes')).toMatchObject({
    exit: EXIT.refused,
    err: expect.stringContaining('the gateway a runs on this ledger'),
  })
})
