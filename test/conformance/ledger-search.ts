import { expect, test } from 'vitest'
import type { DecisionSearch } from '../../src/ledger/console-port.js'
import type { Ledger } from '../../src/ledger/port.js'
import type { RequestRow } from '../../src/ledger/rows.js'
import { aRequest, MINUTE, T0 } from './ledger-rows.js'

const ROWS = 240

/** Rows that differ in everything that is searched by; some of one time. */
const rows: RequestRow[] = Array.from({ length: ROWS }, (_, i) =>
  aRequest(`r${i}`, {
    at: T0 + Math.floor(i / 3) * MINUTE,
    service: i % 2 === 0 ? 'signup' : 'login',
    number: `+23480312${30000 + (i % 7)}`,
    block: `+2348031${23 + (i % 3)}`,
    country: i % 5 === 0 ? 'GH' : 'NG',
    ip: i % 11 === 0 ? null : i % 4 === 0 ? `2001:db8:1:${i % 3}::${i}` : `105.112.3.${i % 9}`,
    subnet: i % 4 === 0 ? '2001:db8:1::/48' : '105.112.3.0/24',
    asn: i % 6 === 0 ? null : 29_465 + (i % 2),
    deviceId: i % 8 === 0 ? null : `device-${i % 5}`,
    accountId: i % 10 === 0 ? `account-${i}` : null,
    verdict: i % 3 === 0 ? 'deny' : 'allow',
    reasons: i % 9 === 0 ? [] : aRequest('x').reasons,
  }),
)

const SEARCHES: [string, Omit<DecisionSearch, 'limit'>, (row: RequestRow, i: number) => boolean][] =
  [
    ['everything', {}, () => true],
    ['a number', { number: '+2348031230003' }, (r) => r.number === '+2348031230003'],
    [
      'a number and a verdict',
      { number: '+2348031230003', verdict: 'deny' },
      (r) => r.number === '+2348031230003' && r.verdict === 'deny',
    ],
    ['an address', { ip: '105.112.3.5' }, (r) => r.ip === '105.112.3.5'],
    ['a /64', { ip: '2001:db8:1:2::/64' }, (r) => r.ip?.startsWith('2001:db8:1:2:') === true],
    ['a subnet', { ip: '105.112.3.0/24' }, (r) => r.subnet === '105.112.3.0/24'],
    ['a device', { deviceId: 'device-3' }, (r) => r.deviceId === 'device-3'],
    ['an account', { accountId: 'account-50' }, (r) => r.accountId === 'account-50'],
    ['a block', { range: '+234803124' }, (r) => r.block === '+234803124'],
    ['a country', { country: 'GH' }, (r) => r.country === 'GH'],
    ['a network', { asn: 29_466 }, (r) => r.asn === 29_466],
    ['a reason', { reason: 'block.credit_exhausted' }, (r) => r.reasons.length > 0],
    [
      'a time, a service and a device',
      { from: T0 + 10 * MINUTE, to: T0 + 60 * MINUTE, service: 'login', deviceId: 'device-1' },
      (r) =>
        r.at >= T0 + 10 * MINUTE &&
        r.at <= T0 + 60 * MINUTE &&
        r.service === 'login' &&
        r.deviceId === 'device-1',
    ],
    [
      'a time',
      { from: T0 + 10 * MINUTE, to: T0 + 30 * MINUTE },
      (r) => r.at >= T0 + 10 * MINUTE && r.at <= T0 + 30 * MINUTE,
    ],
  ]

export function ledgerSearch(ledger: () => Ledger): void {
  test.each(SEARCHES)(
    'finds %s, page by page, newest first, without gaps or repeats',
    async (_, search, fits) => {
      ledger().append(rows.map((row) => ({ table: 'requests', row })))
      const wanted = rows.filter(fits).map(({ id }) => id)
      expect(wanted.length).toBeGreaterThan(0)
      for (const limit of [1, 7, 500]) {
        const ids: string[] = []
        let before: number | undefined
        for (let page = 0; page <= ROWS + 1; page++) {
          const found = await ledger().search({
            ...search,
            limit,
            ...(before !== undefined && { before }),
          })
          ids.push(...found.rows.map(({ id }) => id))
          expect(found.rows.length).toBeLessThanOrEqual(limit)
          expect(found.searchedTo === null).toBe(found.next === null)
          if (found.next === null) break
          before = found.next
        }
        expect(ids).toEqual(wanted.toReversed())
      }
    },
  )

  test('finds nothing in an empty ledger, and nothing that is not there', async () => {
    const nothing = { rows: [], next: null, searchedTo: null }
    for (const search of [{}, { number: '+2348031230003' }, { ip: '105.112.3.5' }])
      expect(await ledger().search({ ...search, limit: 10 })).toEqual(nothing)
    ledger().append([{ table: 'requests', row: aRequest('one') }])
    expect(await ledger().search({ number: '+2349999999999', limit: 10 })).toEqual(nothing)
    expect(await ledger().search({ from: T0 + 1, limit: 10 })).toEqual(nothing)
  })
}
