/** What a vendor of verifications publishes as its price. Data: prices change, so each has its page and a date. */
export interface VendorFee {
  vendor: string
  currency: 'USD' | 'EUR'
  /** for one verified code */
  fee: number
  /** messages are charged besides, verified or not */
  messages: boolean
  source: string
  /** day on which the page, or a public copy of it, said so; YYYY-MM-DD */
  seen: string
}

/**
 * What a contract per success would have charged, in the currency of `spend`.
 * @param rate units of that currency for one of the vendor's
 */
export const perSuccessTotal = (
  { fee, messages }: Pick<VendorFee, 'fee' | 'messages'>,
  { rate, verified, spend }: { rate: number; verified: number; spend: number },
): number => fee * rate * verified + (messages ? spend : 0)

/**
 * Published prices per success. All of them charge messages besides, at rates by country: what is pumped is paid for
 * with them as without. Contracts that charge verified codes and nothing else exist for large customers and are quoted
 * one by one (https://api.support.vonage.com/hc/en-us/articles/14842100202268, "Verify Success").
 */
export const VENDOR_FEES: readonly VendorFee[] = [
  {
    vendor: 'Twilio Verify',
    currency: 'USD',
    fee: 0.05,
    messages: true,
    source: 'https://www.twilio.com/en-us/verify/pricing',
    seen: '2026-10-07',
  },
  {
    vendor: 'Telnyx Verify',
    currency: 'USD',
    fee: 0.03,
    messages: true,
    source: 'https://support.telnyx.com/en/articles/6988813-verified-numbers',
    seen: '2026-07-08',
  },
  {
    vendor: 'Vonage Verify',
    currency: 'EUR',
    fee: 0.05,
    messages: true,
    source: 'https://api.support.vonage.com/hc/en-us/articles/360038161032',
    seen: '2026-11-21',
  },
]
