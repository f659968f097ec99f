import { useMemo } from 'react'
import type { OverviewView } from '../../../../src/http/console/overview-view'
import { ChartFrame, count, Section, timeOf } from '../../kit'
import { Bars } from './bars'

/** What became of requests over the last hour or day. */
export function Course({ view: { course, span, bucketMs } }: { view: OverviewView }) {
  // the bucket that runs would look like a fall
  const whole = useMemo(() => (course.length > 1 ? course.slice(0, -1) : course), [course])
  const sum = (key: 'requests' | 'refused' | 'sends' | 'verified') =>
    count(course.reduce((total, point) => total + point[key], 0))
  return (
    <Section
      title={span === '24h' ? 'The last 24 hours' : 'The last hour'}
      about={`By ${bucketMs >= 3_600_000 ? 'hour' : 'minute'}, at the time of the request; codes of the last minutes are still on their way.`}
    >
      <ChartFrame
        label="Requests over time, by what became of them"
        summary={`${sum('requests')} requests, ${sum('refused')} refused or challenged, ${sum('sends')} sends, ${sum('verified')} verified.`}
        height={220}
        table={{
          head: ['Time', 'Requests', 'Refused or challenged', 'Sends', 'Verified'],
          rows: [...course]
            .reverse()
            .map(({ at, requests, refused, sends, verified }) => [
              timeOf(at),
              count(requests),
              count(refused),
              count(sends),
              count(verified),
            ]),
        }}
      >
        {(id) => <Bars points={whole} describedBy={id} />}
      </ChartFrame>
    </Section>
  )
}
