import { expect, test } from 'vitest'
import { consoleConformance } from '../../../test/conformance/ledger-console.js'
import { directories } from '../../../test/conformance/ledger-files.js'
import { aRequest, T0 } from '../../../test/conformance/ledger-rows.js'
import { openSqliteLedger } from './open.js'

const newDirectory = directories()

consoleConformance('sqlite', async (clock) => {
  const file = `${newDirectory()}/ledger.sqlite`
  const open = () => openSqliteLedger({ file, numbers: 'clear', clock })
  let ledger = await open()
  return {
    ledger,
    async again() {
      await ledger.close()
      ledger = await open()
      return ledger
    },
  }
})

consoleConformance('sqlite, numbers hashed', async (clock) => ({
  hashed: true,
  ledger: await openSqliteLedger({
    file: ':memory:',
    numbers: { hashedWith: Buffer.alloc(32, 7) },
    clock,
  }),
}))

consoleConformance('sqlite, numbers encrypted', async (clock) => ({
  // roll-ups are made from what is kept
  hashed: true,
  ledger: await openSqliteLedger({
    file: ':memory:',
    numbers: {
      hashedWith: Buffer.alloc(32, 7),
      encryptedWith: { from: 'here', keys: [{ id: 'k1', secret: Buffer.alloc(32, 8) }] },
    },
    clock,
  }),
}))

test('a page looks at a bounded number of rows and says how far back it looked', async () => {
  const ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear' })
  const count = 45_000
  for (let i = 0; i < count; i += 1_000)
    ledger.append(
      Array.from({ length: 1_000 }, (_, j) => ({
        table: 'requests' as const,
        row: aRequest(`r${i + j}`, {
          at: T0 + i + j,
          verdict: i + j === 5 ? 'hold' : 'allow',
          number: (i + j) % 2 === 0 ? '+2348031234567' : '+2348031234568',
        }),
      })),
    )
  for (const search of [
    { verdict: 'hold' as const },
    { verdict: 'hold' as const, ip: '105.112.3.4' },
  ]) {
    const pages: (number | null)[] = []
    const ids: string[] = []
    let before: number | undefined
    do {
      const page = await ledger.search({
        ...search,
        limit: 10,
        ...(before !== undefined && { before }),
      })
      ids.push(...page.rows.map(({ id }) => id))
      pages.push(page.searchedTo)
      before = page.next ?? undefined
    } while (before !== undefined)
    expect(ids).toEqual(['r5'])
    expect(pages.length).toBeGreaterThanOrEqual(3)
    expect(pages.at(-1)).toBeNull()
    const times = pages.slice(0, -1).map(Number)
    expect(times).toEqual([...times].sort((a, b) => b - a))
  }
  const busy = await ledger.search({ number: '+2348031234567', limit: 3 })
  expect(busy.rows.map(({ id }) => id)).toEqual(['r44998', 'r44996', 'r44994'])
  await ledger.close()
})
