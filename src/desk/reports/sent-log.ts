import { createMessageLog, type MessageLog, OUTCOME, STATUS } from '../../audit/message-log.js'
import { giveWay } from '../../ledger/give-way.js'
import { CONVERTED, type SendRow, WENT_OUT } from '../../ledger/rows.js'
import type { ReportStore } from './gather.js'

/** Messages read at a time: some 10 ms of the event loop, of which others have as much in between. */
const PAGE = 500
/** Messages that are compared in the gateway's own process; more is work for the command line. */
export const MOST_SENT = 2_000_000

const STATUS_OF: Record<SendRow['status'], (typeof STATUS)[keyof typeof STATUS]> = {
  pending: STATUS.unknown,
  unknown: STATUS.unknown,
  accepted: STATUS.sent,
  delivered: STATUS.delivered,
  failed: STATUS.failed,
}

/**
 * What the ledger sent in a span, as the reconciliation reads it. Where numbers are pseudonymised the block is kept in
 * clear: then messages match by the provider's id, or are counted by block and day.
 * @returns `null` when there are more than can be compared here
 */
export async function sentLog(
  ledger: ReportStore,
  span: { from: number; to: number },
): Promise<MessageLog | null> {
  const log = createMessageLog()
  let before: number | undefined
  for (;;) {
    const since = performance.now()
    const page = await ledger.requests({
      ...{ ...span, credit: [...WENT_OUT], limit: PAGE },
      ...(before !== undefined && { before }),
    })
    // requests of a decision alone have none here
    const sends = await ledger.sendsOf(page.map(({ id }) => id))
    for (const row of page) {
      const send = sends.get(row.id)
      // hashed, or erased
      const masked = !row.number.startsWith('+')
      const digits = masked ? `${row.block.slice(1)}0000` : row.number.slice(1)
      if (!/^\d{7,15}$/.test(digits)) continue
      log.add({
        at: send?.at ?? row.at,
        number: Number(digits),
        masked: masked ? 4 : 0,
        priceMicro: send?.priceMicroUsd ?? row.priceMicroUsd,
        currency: 'USD',
        segments: 1,
        status: send === undefined ? STATUS.sent : STATUS_OF[send.status],
        outcome: CONVERTED.includes(row.credit) ? OUTCOME.verified : OUTCOME.unverified,
        id: send?.providerId ?? '',
        error: send?.error ?? '',
        ip: '',
      })
    }
    if (log.size > MOST_SENT) return null
    before = page.at(-1)?.seq
    if (page.length < PAGE || before === undefined) return log
    await giveWay(performance.now() - since)
  }
}
