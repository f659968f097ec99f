import { perSuccessTotal, VENDOR_FEES } from '../../audit/costs/vendor-fees.js'
import type { Figures } from '../../report/figures.js'

/** What the month's messages cost, or would have cost, under one way of paying. Micro-USD. */
export interface CostOfMonth {
  title: string
  totalMicroUsd: number
  perVerifiedMicroUsd: number | null
  about: string
}

/**
 * Per message against per success on the traffic there was. Vendors without a rate for their currency are left out.
 * @param rates USD for one unit of a currency
 */
export function successCosts(
  { spendMicroUsd, verified }: Pick<Figures, 'spendMicroUsd' | 'verified'>,
  rates: Readonly<Record<string, number>>,
): CostOfMonth[] {
  const each = (total: number): number | null => (verified > 0 ? total / verified : null)
  const vendors = VENDOR_FEES.flatMap((vendor) => {
    const usd = vendor.currency === 'USD' ? 1 : rates[vendor.currency]
    if (usd === undefined) return []
    const totalMicroUsd = perSuccessTotal(vendor, {
      ...{ rate: usd * 1e6, verified, spend: spendMicroUsd },
    })
    return [
      {
        title: `${vendor.vendor}: ${vendor.currency} ${vendor.fee} for each verified code${vendor.messages ? ', and every message' : ''}`,
        totalMicroUsd,
        perVerifiedMicroUsd: each(totalMicroUsd),
        about: `list price of ${vendor.seen}, ${vendor.source}`,
      },
    ]
  })
  return [
    {
      title: 'Per message, as sent',
      totalMicroUsd: spendMicroUsd,
      perVerifiedMicroUsd: each(spendMicroUsd),
      about: 'at the prices of the ledger',
    },
    ...vendors,
  ]
}
