import type { OverviewView } from '../../../../src/http/console/overview-view'
import { Count, Figure, Figures, Money, Percent, percent, usd } from '../../kit'

const SPAN_WORDS = { '5m': '5 min', '1h': 'hour', '24h': '24 h' } as const

/** Change against the same length of time before, in words; nothing where there was nothing. */
function change(now: number, before: number, span: OverviewView['span']): string | undefined {
  if (before === 0) return undefined
  const part = now / before - 1
  if (Math.abs(part) < 0.005) return `as in the ${SPAN_WORDS[span]} before`
  const size =
    Math.abs(part) >= 9.995 ? `${Math.round(part + 1)} times` : percent(Math.abs(part), 0)
  if (Math.abs(part) >= 9.995) return `${size} the ${SPAN_WORDS[span]} before`
  return `${size} ${part > 0 ? 'more' : 'less'} than the ${SPAN_WORDS[span]} before`
}

/** The numbers of now. */
export function Now({ view: { flow, before, span, risk } }: { view: OverviewView }) {
  const monitor = risk.length > 0 && risk.every(({ mode }) => mode === 'monitor')
  const bound = risk.reduce((sum, { boundDay }) => sum + boundDay, 0)
  const unverified = risk.reduce((sum, { unverifiedDay }) => sum + unverifiedDay, 0)
  const utilisation = Math.max(0, ...risk.map((one) => one.utilisation))
  const low = flow.conversion !== null && flow.sends >= 20 && flow.conversion < 0.3
  const refused = flow.denied + flow.held + flow.challenged
  return (
    <Figures>
      <Figure
        label="Sends"
        value={<Count value={flow.sends} />}
        about={change(flow.sends, before.sends, span)}
      />
      <Figure
        label="Conversion"
        value={<Percent share={flow.conversion} digits={1} />}
        about={
          before.conversion === null
            ? 'sends at least 2 min old'
            : `${percent(before.conversion, 1)} in the ${SPAN_WORDS[span]} before`
        }
        {...(low && { tone: 'bad' as const })}
      />
      <Figure
        label="Spend"
        value={<Money micro={flow.spend} />}
        about={change(flow.spend, before.spend, span)}
      />
      <Figure
        label="Wasted"
        value={<Money micro={flow.wasted} />}
        about={
          flow.spend > 0
            ? `${percent(flow.wasted / flow.spend, 0)} of spend came to nothing`
            : 'nothing spent'
        }
      />
      <Figure
        label={monitor ? 'Would have saved' : 'Saved'}
        value={<Money micro={monitor ? flow.wouldSave : flow.saved} />}
        about={
          monitor
            ? `would have refused ${refused.toLocaleString('en')} of ${flow.requests.toLocaleString('en')}`
            : `${flow.refusedNumbers.toLocaleString('en')} numbers refused`
        }
        {...(!monitor && flow.saved > 0 && { tone: 'good' as const })}
      />
      <Figure
        label="At risk, 24 h"
        value={<Money micro={Math.max(0, unverified)} />}
        about={
          monitor
            ? `sent unverified; enforce mode would hold it under ${usd(bound)} a day`
            : `of at most ${usd(bound)} a day; line ${percent(utilisation, 0)} used`
        }
        {...(utilisation > 0.8 && { tone: 'bad' as const })}
      />
    </Figures>
  )
}
