import type { MessageLog } from '../message-log.js'
import { type MessageOptions, reconcileMessages } from './reconcile-messages.js'
import { reconcileSums } from './reconcile-sums.js'
import type { InvoiceRow, Reconciliation } from './reconciliation.js'

export interface ReconcileOptions extends MessageOptions {
  /** of an invoice of sums, ISO 4217 @default what its rows say, else the send log's */
  currency?: string
}

/**
 * Billed against sent. Most artificial traffic is not made on the brand's own form, so the send log alone cannot show
 * it: what the provider bills and nobody sent can be seen only here.
 *
 * @param invoice single messages, or sums by period and country, with or without operator
 * @throws {RangeError} when a period of an invoice of sums cannot be read
 */
export function reconcile(
  invoice: MessageLog | readonly InvoiceRow[],
  sendLog: MessageLog,
  options: ReconcileOptions = {},
): Reconciliation {
  return 'columns' in invoice
    ? reconcileMessages(invoice, sendLog, options)
    : reconcileSums(invoice, sendLog, options)
}
