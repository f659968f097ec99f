import { afterEach, beforeEach, expect, it } from 'vitest'
import { aRequest } from '../../test/conformance/ledger-rows.js'
import { DAY, HOUR, MINUTE } from '../engine/units.js'
import type { RollupFilter } from '../ledger/console-port.js'
import type { Ledger } from '../ledger/port.js'
import { openSqliteLedger } from '../ledger/sqlite/open.js'
import { upToNow } from './up-to-now.js'

/** Friday, noon and twenty minutes. */
const NOON = Date.UTC(2026, 10, 20, 12, 20)
const TODAY = Date.UTC(2026, 10, 20)
let now = NOON
let ledger: Ledger
beforeEach(async () => {
  now = NOON
  ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear', clock: () => now })
})
afterEach(() => ledger.close())

let made = 0
/** Requests of a block, in one hour. */
async function asked(block: string, at: number, requests: number): Promise<void> {
  const rows = Array.from({ length: requests }, (_, i) =>
    aRequest(`r${made++}`, {
      at: at + i,
      block,
      operator: 'NG/803',
      number: `${block}${1000 + i}`,
    }),
  )
  await ledger.commit(rows.map((row) => ({ table: 'requests', row })))
}
const count = async (): Promise<void> => {
  while ((await ledger.rollUp(1_000, now)) > 0);
}

const WEEK: RollupFilter = {
  ...{ period: 'day', dimension: 'block', parent: 'NG/803' },
  ...{ from: TODAY - 7 * DAY, to: TODAY + DAY },
}
const top = async (limit = 10) =>
  (await upToNow(ledger, () => now).top(WEEK, 'requests', limit)).map(({ key, requests }) => [
    key,
    requests,
  ])

it('days of ranges have the hour that runs, and no hour twice', async () => {
  await asked('+2348031', TODAY - 3 * DAY, 8)
  await asked('+2348032', TODAY + 2 * HOUR, 4)
  await count()
  await asked('+2348031', NOON - 5 * MINUTE, 5)
  await asked('+2348033', NOON - 5 * MINUTE, 9)
  await count()
  const all = [
    ['+2348031', 13],
    ['+2348033', 9],
    ['+2348032', 4],
  ]
  expect(await top()).toEqual(all)
  // the eight of one time and the five of the other are first together
  expect(await top(1)).toEqual(all.slice(0, 1))
  const days = await upToNow(ledger, () => now).series({ ...WEEK, keys: ['+2348031'] })
  expect(days.map(({ at, requests }) => [at, requests])).toEqual([
    [TODAY - 3 * DAY, 8],
    [TODAY, 5],
  ])
})

it('nor after midnight, when the last hours of the day before are in no day yet', async () => {
  await asked('+2348031', TODAY + 20 * HOUR, 6)
  await asked('+2348031', TODAY + 23 * HOUR, 5)
  for (const at of [5 * MINUTE, 65 * MINUTE, 125 * MINUTE, 185 * MINUTE, DAY]) {
    now = TODAY + DAY + at
    await count()
    expect(await top(), `${at / MINUTE} min after midnight`).toEqual([['+2348031', 11]])
  }
})
