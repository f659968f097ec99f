import { describe, expect, test } from 'vitest'
import { DEFAULT_FAILURE } from '../verify/failure.js'
import type { Config } from './config.js'
import { failureConfig } from './failure-config.js'
import { failuresInForce } from './failures.js'
import { CliFault } from './fault.js'

const alone: Config['stores'] = { linesUrl: null, ledgerUrl: null, replicaUrl: null }
const shared: Config['stores'] = { ...alone, linesUrl: 'redis://r', ledgerUrl: 'postgres://p/t' }

describe('failure: of the deployment file', () => {
  test('is safe where nothing is written', () => {
    expect(failureConfig()).toEqual(DEFAULT_FAILURE)
    expect(DEFAULT_FAILURE).toMatchObject({
      lines: 'degraded',
      ledger: 'refuse',
      unknownSend: 'stop',
    })
  })
  test('shares the credit between the gateways, unless it says how', () => {
    expect(failureConfig({ gateways: 4 })).toMatchObject({ gateways: 4, share: 0.25 })
    expect(failureConfig({ gateways: 4, share: 0.5 })).toMatchObject({ share: 0.5 })
  })
  test('takes ages, and tells what is none', () => {
    expect(failureConfig({ spoolAge: '5m' }).spoolMs).toBe(300_000)
    expect(() => failureConfig({ spoolAge: '5 parsecs' })).toThrow(CliFault)
  })
})

describe('what is in force', () => {
  const of = (
    failure: Parameters<typeof failureConfig>[0],
    stores = shared,
    send: unknown[] = [],
  ) => failuresInForce({ failure: failureConfig(failure), stores, send })

  test('names shared stores, and what they are lost to', () => {
    const [lines, ledger] = of({ gateways: 3, ledger: 'spool' })
    expect(lines).toMatchObject({
      what: 'shared lines',
      happens: expect.stringContaining('33.3 % of the credit'),
      bound: expect.stringContaining('--gateways 3'),
    })
    expect(lines?.by).toContainEqual({ key: 'gateways', value: 3, set: true })
    expect(lines?.by).toContainEqual({ key: 'linesTimeoutMs', value: 250, set: false })
    expect(ledger).toMatchObject({ bound: '64 MiB, 600 s; then 503' })
    expect(of({ lines: 'open' })[0]?.happens).toBe('DECIDES WITHOUT LINES')
  })
  test('has nothing to say of stores that are in the process', () => {
    const [lines, ledger] = of({ ledger: 'spool' }, alone)
    expect(lines?.by).toEqual([])
    expect(ledger?.happens).toContain('nothing is sent')
  })
  test('has the limits of each provider', () => {
    const provider = {
      name: 'own',
      type: 'http',
      timeoutMs: 3_000,
      limits: { maxConcurrent: 8, queue: 2 },
    }
    const found = of({}, alone, [{ name: 'dev', type: 'console' }, provider])
    expect(found.filter(({ what }) => what.startsWith('provider'))).toMatchObject([
      { what: 'provider own', bound: '3 s, 8 at once, 2 waiting' },
    ])
  })
})
