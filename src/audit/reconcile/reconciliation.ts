import type { MessageLog } from '../message-log.js'

/** One line of an invoice that gives sums instead of messages. */
export interface InvoiceRow {
  /** `2026-11` or `2026-11-03`, UTC */
  period: string
  /** ISO 3166 alpha-2 */
  country: string
  /** as the provider calls it; left out: all of the country */
  operator?: string
  messages: number
  /** left out: as many as messages */
  segments?: number
  /** in the currency of the invoice */
  amount: number
  /** ISO 4217, the same in all rows @default that of the send log */
  currency?: string
}

/** Messages and their money, in the currency of the invoice. */
export interface Amount {
  messages: number
  segments: number
  money: number
}

/** Billed against sent in one country, of one operator, or on one day. */
export interface Compared {
  /** ISO 3166 alpha-2, operator range, or `YYYY-MM-DD` */
  key: string
  billed: Amount
  sent: Amount
  neverSent: Amount
  notBilled: Amount
  /** money of segments that were billed and not sent, and of other prices than the send log's */
  segments: number
  price: number
}

/** A price of the invoice that became another one and stayed it. */
export interface PriceChange {
  country: string
  /** operator ranges it holds for */
  operators: string[]
  /** first day, or period, of the new price */
  since: string
  /** of one segment */
  from: number
  to: number
  /** messages since then, until the next change */
  messages: number
  /** what they cost more than at the old price; below zero: less */
  money: number
}

/**
 * An invoice against the log of what was sent. Money in the currency of the invoice, and it adds up:
 * billed = expected + neverSent + billedTwice + outside + segments + price.
 */
export interface Reconciliation {
  currency: string
  /** what the invoice was: single messages, or sums */
  invoice: 'messages' | 'sums'
  /** Unix ms; only what lies in both is judged */
  from: number
  to: number
  billed: Amount
  sent: Amount
  /** what the messages found in both should have cost: at the send log's prices, or the invoice's own */
  expected: Amount
  matched: { byId: number; byNumber: number; byCount: number }
  /** billed, and nothing like it in the send log */
  neverSent: Amount
  /** billed once more under the same id */
  billedTwice: Amount
  /** billed for a time that the send log does not cover: not judged */
  outside: Amount
  /** sent, not failed, and not on the invoice */
  notBilled: Amount
  /** failed by the send log and billed all the same; part of `expected` */
  billedFailed: Amount
  /** messages billed with another number of segments than sent: the difference */
  segments: Amount
  /** messages billed at another price than the send log's: the difference */
  price: Amount
  priceChanges: PriceChange[]
  byCountry: Compared[]
  byOperator: Compared[]
  byDay: Compared[]
  /** some of the messages that were never sent: number masked, ISO 8601, money */
  examples: { number: string; at: string; money: number }[]
  /** how it was matched, and what it cannot tell, in sentences */
  notes: string[]
}

/** Nothing yet. */
export const newAmount = (): Amount => ({ messages: 0, segments: 0, money: 0 })

/** Adds to an amount in place. */
export function add(amount: Amount, messages: number, segments: number, money: number): void {
  amount.messages += messages
  amount.segments += segments
  amount.money += money
}

/** A note where billed and expected cannot be taken from each other. @param currency of the invoice */
export const otherCurrency = (currency: string, sent: MessageLog): string[] =>
  sent.billedIn === '' || sent.billedIn === currency
    ? []
    : [
        `The send log has prices in ${sent.billedIn} and the invoice in ${currency}: their difference means nothing.`,
      ]
