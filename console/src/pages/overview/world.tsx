import { SegmentedControl } from '@mantine/core'
import { useCallback, useEffect, useState } from 'react'
import { navigate } from 'wouter/use-browser-location'
import type { CountryFlow, OverviewView } from '../../../../src/http/console/overview-view'
import {
  Chart,
  type ChartSize,
  count,
  countryName,
  Loading,
  type Palette,
  percent,
  Section,
  usd,
} from '../../kit'

/** width over height of the map as it is drawn */
const RATIO = 1.9
/** px below which the scale stands under the map */
const NARROW = 600

type Measure = 'wasted' | 'conversion' | 'sends'
const MEASURES: { value: Measure; label: string }[] = [
  { value: 'wasted', label: 'Wasted' },
  { value: 'conversion', label: 'Conversion' },
  { value: 'sends', label: 'Sends' },
]

const VALUE: Record<Measure, (flow: CountryFlow) => number | null> = {
  wasted: ({ wasted }) => wasted,
  // of a few sends any share is chance
  conversion: ({ conversion, against }) => (against === 'quiet' ? null : conversion),
  sends: ({ sends }) => sends,
}

const words = (flow: CountryFlow): string =>
  [
    countryName(flow.code),
    `Sends: ${count(flow.sends)}`,
    `Conversion: ${percent(flow.conversion)}${flow.usual === null ? '' : `, usual ${percent(flow.usual)}`}`,
    `Wasted: ${usd(flow.wasted)} of ${usd(flow.spend)}`,
    `Numbers refused: ${count(flow.refusedNumbers)}`,
  ].join('\n')

/** All countries on the map, and as a table. */
export function World({ view }: { view: OverviewView }) {
  const [measure, setMeasure] = useState<Measure>('wasted')
  const [ready, setReady] = useState(false)
  useEffect(() => {
    let here = true
    void import('./world-shapes').then(({ registerWorld }) => {
      registerWorld()
      if (here) setReady(true)
    })
    return () => {
      here = false
    }
  }, [])

  const flows: CountryFlow[] = [...view.countries, ...view.others]
  const option = useMapOption(flows, measure)
  const worst = [...flows].sort((a, b) => b.wasted - a.wasted)[0]
  return (
    <Section
      title="World"
      actions={
        <SegmentedControl
          aria-label="Coloured by"
          size="xs"
          data={MEASURES}
          value={measure}
          onChange={(value) => setMeasure(value as Measure)}
        />
      }
    >
      {ready ? (
        <Chart
          label={`World map by ${measure}`}
          summary={
            worst === undefined
              ? 'No requests.'
              : `${flows.length} countries; most is wasted in ${countryName(worst.code)}: ${usd(worst.wasted)}.`
          }
          option={option}
          height={380}
          ratio={RATIO}
          onPick={(code) => navigate(`/ranges?country=${code}`)}
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
        />
      ) : (
        <Loading height={380} />
      )}
    </Section>
  )
}

function useMapOption(flows: readonly CountryFlow[], measure: Measure) {
  // a new answer is a new map; the same answer drawn again is not
  const key = JSON.stringify(flows)
  return useCallback(
    (palette: Palette, { width, height }: ChartSize) => {
      const all = JSON.parse(key) as CountryFlow[]
      const byCode = new Map(all.map((flow) => [flow.code, flow]))
      const data = all.flatMap((flow) => {
        const value = VALUE[measure](flow)
        return value === null ? [] : [{ name: flow.code, value }]
      })
      const most = measure === 'conversion' ? 1 : Math.max(1, ...data.map(({ value }) => value))
      const narrow = width < NARROW
      const ends = {
        wasted: [usd(most), usd(0)],
        conversion: ['100 %', '0 %'],
        sends: [count(most), '0'],
      }[measure]
      const colours = {
        wasted: [palette.heat1, palette.heat2, palette.heat3],
        conversion: [palette.heat3, palette.heat2, palette.heat1],
        sends: [palette.rest, palette.accent],
      }[measure]
      return {
        tooltip: {
          trigger: 'item',
          formatter: ({ name }: { name: string }) => {
            const flow = byCode.get(name)
            return flow === undefined ? `${countryName(name)}\nno requests` : words(flow)
          },
        },
        visualMap: {
          ...{ type: 'continuous', min: 0, max: most, text: ends, calculable: false },
          ...{ left: 0, bottom: 0, itemWidth: 10, itemHeight: 96 },
          ...(narrow && { orient: 'horizontal', left: 'center', itemWidth: 8 }),
          textStyle: { color: palette.soft, fontSize: 11 },
          inRange: { color: colours },
        },
        series: [
          {
            ...{ type: 'map', map: 'world', name: measure, nameProperty: 'name' },
            ...{ layoutCenter: ['50%', narrow ? '44%' : '50%'] },
            layoutSize: Math.min(width, (height - (narrow ? 24 : 0)) * RATIO),
            ...{ selectedMode: false, data },
            itemStyle: {
              areaColor: palette.sunk,
              borderColor: palette.line,
              borderWidth: 0.5,
            },
            emphasis: {
              label: { show: false },
              itemStyle: { areaColor: null, borderColor: palette.ink, borderWidth: 1 },
            },
          },
        ],
      }
    },
    [key, measure],
  )
}
