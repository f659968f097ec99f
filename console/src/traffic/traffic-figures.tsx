import type { SpanView, Traffic } from '../../../src/http/console/ranges-view'
import { Count, Figure, Figures, Money, Percent, percent } from '../kit'
import { Since } from './since'

/** The figures of one range or source in its span. */
export const TrafficFigures = ({ of, span }: { of: Traffic; span: SpanView }) => (
  <Figures>
    <Figure label="Requests" value={<Count value={of.requests} />} about={<Since span={span} />} />
    <Figure label="Sends" value={<Count value={of.sends} />} about={<Money micro={of.spend} />} />
    <Figure
      label="Conversion"
      value={<Percent share={of.conversion} />}
      about={of.usual === null ? 'nothing usual yet' : `usually ${percent(of.usual)}`}
      {...(of.against === 'alarm' && { tone: 'bad' as const })}
    />
    <Figure label="Wasted" value={<Money micro={of.wasted} />} />
    <Figure
      label="Saved"
      value={<Money micro={of.saved} />}
      about={
        <>
          <Count value={of.refusedNumbers} /> numbers refused
        </>
      }
    />
  </Figures>
)
