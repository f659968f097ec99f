import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/ledger/port.js'
import { ledgerCatalogue } from './ledger-catalogue.js'
import { ledgerLeases } from './ledger-leases.js'
import { ledgerPrivacy } from './ledger-privacy.js'
import { ledgerProperties } from './ledger-properties.js'
import { ledgerRequests } from './ledger-requests.js'
import { ledgerRetention } from './ledger-retention.js'
import { aRequest } from './ledger-rows.js'
import { ledgerVerifications } from './ledger-verifications.js'

const ids = (rows: readonly { id: string }[]) => rows.map((row) => row.id)

/**
 * What every ledger has to do, whatever lies under it.
 * @param open a new, empty ledger; numbers in clear or hashed, the suite holds for both
 */
export function ledgerConformance(name: string, open: () => Promise<Ledger>): void {
  describe(`ledger: ${name}`, () => {
    let opened: Ledger
    const ledger = () => opened
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.close())

    ledgerRequests(ledger)
    ledgerVerifications(ledger)
    ledgerCatalogue(ledger)
    ledgerRetention(ledger)
    ledgerLeases(() => ({ one: opened, other: opened }))
    ledgerCommit(ledger)
    ledgerPrivacy(ledger)
    ledgerProperties(ledger)
  })
}

function ledgerCommit(ledger: () => Ledger): void {
  test('commit resolves with nothing to do, and makes its own rows readable', async () => {
    await ledger().commit()
    await ledger().commit([{ table: 'requests', row: aRequest('one') }])
    expect((await ledger().request('one'))?.id).toBe('one')
    expect(await ledger().healthy()).toBe(true)
  })

  test('a second row of one id is refused and told, and holds up nobody else', async () => {
    await ledger().commit([{ table: 'requests', row: aRequest('one') }])
    const results = await Promise.allSettled([
      ledger().commit([{ table: 'requests', row: aRequest('two') }]),
      ledger().commit([
        { table: 'requests', row: aRequest('three') },
        { table: 'requests', row: aRequest('one', { service: 'login' }) },
      ]),
      ledger().commit([{ table: 'requests', row: aRequest('four') }]),
    ])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(results[1]).toMatchObject({
      reason: { message: expect.stringContaining('requests one') },
    })
    expect(ids(await ledger().requests({ limit: 10 }))).toEqual(['four', 'two', 'one'])
    expect((await ledger().request('one'))?.service).toBe('signup')
  })

  test('after close nothing is taken any more', async () => {
    await ledger().close()
    expect(() => ledger().append([{ table: 'requests', row: aRequest('late') }])).toThrow(/closed/)
    await expect(
      ledger().commit([{ table: 'requests', row: aRequest('late') }]),
    ).rejects.toMatchObject({ fault: 'lost' })
    expect(await ledger().healthy()).toBe(false)
  })
}
