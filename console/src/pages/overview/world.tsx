import { SegmentedControl } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { CountryFlow, OverviewView } from '../../../../src/http/console/overview-view'
import { ChartFrame, count, countryName, Loading, percent, Section, usd } from '../../kit'
import { MEASURES, type Measure } from './world-measures'

const Shapes = lazy(async () => ({ default: (await import('./world-map')).WorldMap }))

const HEIGHT = 400

/** All countries on the map, and as a table. */
export function World({ view }: { view: OverviewView }) {
  const [measure, setMeasure] = useState<Measure>('wasted')
  const flows: CountryFlow[] = [...view.countries, ...view.others]
  const worst = [...flows].sort((a, b) => b.wasted - a.wasted)[0]
  return (
    <Section
      title="World"
      actions={
        <SegmentedControl
          aria-label="Coloured by"
          size="xs"
          data={MEASURES.map(({ id, name }) => ({ value: id, label: name }))}
          value={measure}
          onChange={(value) => setMeasure(value as Measure)}
        />
      }
    >
      <ChartFrame
        label="World map"
        summary={
          worst === undefined
            ? 'No requests.'
            : `${flows.length} countries; most is wasted in ${countryName(worst.code)}: ${usd(worst.wasted)}.`
        }
        height={HEIGHT}
        table={{
          head: ['Country', 'Sends', 'Conversion', 'Usual', 'Spend', 'Wasted', 'Saved'],
          rows: flows.map((flow) => [
            countryName(flow.code),
            count(flow.sends),
            percent(flow.conversion),
            percent(flow.usual),
            usd(flow.spend),
            usd(flow.wasted),
            usd(flow.saved),
          ]),
        }}
      >
        {(id) => (
          <Suspense fallback={<Loading height={HEIGHT} />}>
            <Shapes flows={flows} measure={measure} describedBy={id} />
          </Suspense>
        )}
      </ChartFrame>
    </Section>
  )
}
