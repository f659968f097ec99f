import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aRequest } from '../../../test/conformance/ledger-rows.js'
import type { Ledger } from '../port.js'
import { SECTION_ROWS } from '../queries/sections.js'
import type { Credit } from '../rows.js'
import { openSqliteLedger } from './open.js'

describe('sends of a session that were read to be settled', () => {
  let ledger: Ledger
  const row = aRequest('one', { credit: 'reserved', maturesAt: 1e13 })
  const from: Credit[] = ['reserved', 'lost', 'failed']
  const session = { service: row.service, number: row.number, from: row.at, credit: from, limit: 9 }
  const read = () => ledger.sessionSends(session)
  const settle = (from: Credit[], to: Credit, at: number) =>
    ledger.settle('one', from, to, { kind: to === 'lost' ? 'lost' : 'verified', at })

  beforeEach(async () => {
    ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear' })
    ledger.append([{ table: 'requests', row }])
  })
  afterEach(() => ledger.close())

  test('are found before they are written, and are what a look at each of them gives', async () => {
    expect(await read()).toEqual(['one'])
    expect((await ledger.requests(session)).map(({ id }) => id)).toEqual(['one'])
    expect(await ledger.sessionSends({ ...session, from: row.at + 1 })).toEqual([])
    expect(await ledger.sessionSends({ ...session, service: 'other' })).toEqual([])
    expect(await ledger.sessionSends({ ...session, credit: ['earned'] })).toEqual([])
  })

  test('are settled as they are and not as they were: others came in between', async () => {
    await read()
    expect(await settle(['reserved'], 'lost', row.at + 1)).toMatchObject({ before: 'reserved' })
    await read()
    // back to where it was, at another time: what was read must not be taken for it
    expect(await settle(['lost'], 'earned', row.at + 2)).toMatchObject({ before: 'lost' })
    expect(await settle(['earned'], 'lost', row.at + 3)).toMatchObject({ before: 'earned' })
    expect(await settle(from, 'earned', row.at + 4)).toMatchObject({
      before: 'lost',
      settledBefore: row.at + 3,
    })
    expect(await ledger.request('one')).toMatchObject({ settledAt: row.at + 4 })
    expect(await settle(from, 'earned', row.at + 5)).toBeNull()
    expect((await ledger.outcomesOf('one')).map(({ to }) => to)).toEqual([
      'lost',
      'earned',
      'lost',
      'earned',
    ])
  })

  test('of all who settle what they read, one does', async () => {
    await Promise.all([read(), read(), read()])
    const settled = await Promise.all([1, 2, 3].map((n) => settle(from, 'earned', row.at + n)))
    expect(settled.filter((one) => one !== null)).toHaveLength(1)
    expect(await read()).toEqual([])
  })

  test('are found in every section, whether or not it is known what is in it', async () => {
    const others = Array.from({ length: 2 * SECTION_ROWS }, (_, i) =>
      aRequest(`other ${i}`, { at: row.at + 1, number: `+4477${i}` }),
    )
    for (let i = 0; i < others.length; i += 1_000)
      await ledger.commit(others.slice(i, i + 1_000).map((row) => ({ table: 'requests', row })))
    const last = { ...row, id: 'last', at: row.at + 2 }
    await ledger.commit([{ table: 'requests', row: last }])
    for (let looks = 1; looks <= 3; looks++) {
      expect(await read()).toEqual(['last', 'one'])
      expect(await ledger.sessionSends({ ...session, number: '+4999' })).toEqual([])
    }
  })
})
