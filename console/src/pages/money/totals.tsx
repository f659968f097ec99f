import type { MoneyView } from '../../../../src/http/console/money-view'
import type { Figures as Sums } from '../../../../src/report/figures'
import { count, Figure, Figures, Money, Percent, share, usd } from '../../kit'

type Of = (figures: Sums) => number

/** +12 % on the month before; a month that is not over has as many whole days of it to stand against. */
function against({ totals, soFar, before }: MoneyView, of: Of): string | undefined {
  if (before === null) return undefined
  const was = of(before)
  const those = soFar === null ? 'the month before' : 'the same days of the month before'
  if (was === 0) return `${usd(0)} in ${those}`
  const change = Math.round(100 * (of(soFar ?? totals) / was - 1))
  return `${change >= 0 ? '+' : '−'}${Math.abs(change)} % on ${those} (${usd(was)})`
}

/** The month in six numbers. */
export function Totals({ view }: { view: MoneyView }) {
  const { totals, forecast } = view
  const wasted = share(totals.wastedMicroUsd, totals.spendMicroUsd)
  return (
    <Figures>
      <Figure
        label="Spend"
        value={<Money micro={totals.spendMicroUsd} />}
        about={against(view, (sums) => sums.spendMicroUsd) ?? `${count(totals.sends)} messages`}
      />
      <Figure
        label="Verified"
        value={<Money micro={totals.verifiedMicroUsd} />}
        about={
          <>
            {count(totals.verified)} codes came back, <Percent share={totals.conversion} />
          </>
        }
      />
      <Figure
        label="Wasted"
        value={<Money micro={totals.wastedMicroUsd} />}
        about={
          <>
            <Percent share={wasted} /> of spend
            {totals.openMicroUsd > 0 && `, ${usd(totals.openMicroUsd)} still open`}
          </>
        }
      />
      <Figure
        label="Saved"
        value={<Money micro={totals.savedMicroUsd} />}
        about={
          totals.wouldSaveMicroUsd > 0
            ? `${usd(totals.wouldSaveMicroUsd)} more in enforce mode`
            : `${count(totals.refusedNumbers)} numbers refused`
        }
      />
      <Figure
        label="End of the month"
        value={forecast === null ? '–' : <Money micro={forecast.likely} />}
        about={
          forecast === null
            ? 'forecast of the current month, from a week of traffic on'
            : `${usd(forecast.low)} to ${usd(forecast.high)} in 95 of 100 cases`
        }
      />
    </Figures>
  )
}
