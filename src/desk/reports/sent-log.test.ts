import { expect, it } from 'vitest'
import { aRequest, aSend, T0 } from '../../../test/conformance/ledger-rows.js'
import { openSqliteLedger } from '../../ledger/sqlite/open.js'
import { sentLog } from './sent-log.js'

it('reads page by page, the messages of a page at once, and others are served in between', async () => {
  const ledger = await openSqliteLedger({ file: ':memory:', numbers: 'clear' })
  const count = 1_200
  ledger.append(
    Array.from({ length: count }, (_, i) => [
      {
        table: 'requests' as const,
        row: aRequest(`r${i}`, { at: T0 + i, credit: 'lost', verificationId: `v${i}` }),
      },
      {
        table: 'sends' as const,
        row: aSend(`s${i}`, { requestId: `r${i}`, verificationId: `v${i}`, providerId: `SM${i}` }),
      },
    ]).flat(),
  )
  await ledger.commit()
  let lookUps = 0
  const counting = {
    ...ledger,
    sends: (id: string) => {
      lookUps++
      return ledger.sends(id)
    },
    sendsOf: (ids: readonly string[]) => {
      lookUps++
      return ledger.sendsOf(ids)
    },
  }
  let turns = 0
  const turn = () => {
    turns++
    timer = setImmediate(turn)
  }
  let timer = setImmediate(turn)
  const log = await sentLog(counting, { from: T0, to: T0 + count })
  clearImmediate(timer)
  expect(log?.size).toBe(count)
  expect(new Set(log?.columns.id.slice(0, count)).size).toBe(count)
  expect(lookUps).toBe(3)
  expect(turns).toBeGreaterThanOrEqual(2)
  await ledger.close()
})
