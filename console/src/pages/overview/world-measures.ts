import type { CountryFlow } from '../../../../src/http/console/overview-view'
import { count, percent, usd } from '../../kit/figures'

export type Measure = 'wasted' | 'conversion' | 'sends'

interface MeasureOf {
  id: Measure
  name: string
  /** `null`: not coloured */
  value: (flow: CountryFlow) => number | null
  text: (value: number) => string
  /** lower edges of the steps after the first; shares of the largest value, or values as they are */
  edges: readonly number[]
  relative: boolean
  /** colours, first step first */
  scale: 'heat' | 'cool' | 'plain'
}

/** Steps of five colours; by shares of the worst country, as the audit's map has them. */
const SHARES = [0.01, 0.05, 0.2, 0.5]

export const MEASURES: readonly MeasureOf[] = [
  {
    ...{ id: 'wasted', name: 'Wasted', scale: 'heat', edges: SHARES, relative: true },
    value: ({ wasted }) => (wasted > 0 ? wasted : null),
    text: usd,
  },
  {
    ...{ id: 'conversion', name: 'Conversion', scale: 'cool', relative: false },
    // alarm below the second edge, healthy from the fourth
    edges: [0.15, 0.3, 0.45, 0.6],
    // of a few sends any share is chance
    value: ({ conversion, against }) => (against === 'quiet' ? null : conversion),
    text: (value) => percent(value, 0),
  },
  {
    ...{ id: 'sends', name: 'Sends', scale: 'plain', edges: SHARES, relative: true },
    value: ({ sends }) => (sends > 0 ? sends : null),
    text: count,
  },
]

/** Steps of a measure over countries: of each country, and what the steps begin with. */
export function stepsOf(measure: Measure, flows: readonly CountryFlow[]) {
  const of = MEASURES.find(({ id }) => id === measure) ?? (MEASURES[0] as MeasureOf)
  const values = flows.flatMap((flow) => {
    const value = of.value(flow)
    return value === null ? [] : [{ code: flow.code, value }]
  })
  const most = Math.max(0, ...values.map(({ value }) => value))
  const edges = of.edges.map((edge) => (of.relative ? edge * most : edge))
  return {
    scale: of.scale,
    step: new Map(
      values.map(({ code, value }) => [code, edges.filter((edge) => value >= edge).length]),
    ),
    legend: values.length === 0 ? [] : [0, ...edges].map((edge) => of.text(edge)),
  }
}
