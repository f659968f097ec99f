import { afterEach, beforeEach, expect, it } from 'vitest'
import { aCharged } from '../../../test/conformance/ledger-rows.js'
import { DAY, HOUR, MINUTE } from '../../engine/units.js'
import type { Ledger } from '../../ledger/port.js'
import { openSqliteLedger } from '../../ledger/sqlite/open.js'
import { createDossiers } from './dossier.js'
import type { KeptIncident } from './kept-incident.js'

const BEGAN = Date.UTC(2026, 9, 20, 12)
let now = BEGAN
let ledger: Ledger
beforeEach(async () => {
  now = BEGAN
  ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear', clock: () => now })
})
afterEach(() => ledger.close())

const count = async (): Promise<void> => {
  while ((await ledger.rollUp(1_000, now)) > 0);
}

it('an incident keeps its figures when minutes and hours are forgotten', async () => {
  const rows = Array.from({ length: 9 }, (_, i) =>
    aCharged(`r${i}`, { at: BEGAN + i * MINUTE, block: '+23480312' }),
  )
  await ledger.commit(rows.map((row) => ({ table: 'requests', row })))
  await count()
  const [{ service = '', country = '', priceMicroUsd = 0 } = {}] = rows
  const incident = {
    ...{ id: 'i', kind: 'attack', state: 'closed', service, countries: [country] },
    ...{ firstSendAt: BEGAN, openedAt: BEGAN + MINUTE, closedAt: BEGAN + 2 * HOUR },
    ranges: [{ level: 'block', key: '+23480312' }],
  } as unknown as KeptIncident
  const dossierOf = createDossiers({ ledger, clock: () => now })
  const periods: string[] = []
  for (const age of [3 * HOUR, 5 * DAY, 12 * DAY, 14 * DAY, 60 * DAY]) {
    now = BEGAN + age
    await count()
    await ledger.retain({ requests: 90 * DAY, verifications: 30 * DAY }, now)
    const { money, tallies } = await dossierOf(incident)
    const spent = money.points.reduce((sum, { spentMicroUsd }) => sum + spentMicroUsd, 0)
    expect(spent, `${age / DAY} days later`).toBe(9 * priceMicroUsd)
    expect(tallies.get('+23480312')?.requests, `${age / DAY} days later`).toBe(9)
    periods.push(money.period)
  }
  expect(periods).toEqual(['minute', 'hour', 'hour', 'day', 'day'])
})
