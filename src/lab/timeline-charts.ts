import type { Incident } from '../engine/detect/change.js'
import { USD } from '../engine/units.js'
import type { Chart } from './bench/charts.js'
import { ENDS, type End, GROUPS, type Group, type Slice, type TimelineData } from './timeline.js'

const GROUP_TITLES: Readonly<Record<Group, string>> = {
  unlabelled: 'Requests',
  legit: 'Legitimate requests',
  attack: 'Requests of attacks',
}
const END_TITLES: Readonly<Record<End, string>> = {
  sent: 'sent',
  proven: 'sent after a challenge',
  unsolved: 'challenged, not solved',
  refused: 'denied or held',
}
/** Told apart by people who do not see red from green, too. */
const END_COLOURS: Readonly<Record<End, string>> = {
  sent: '#4c78a8',
  proven: '#72b7b2',
  unsolved: '#eeca3b',
  refused: '#d1495b',
}
const GROUP_COLOURS: Readonly<Record<Group, string>> = {
  unlabelled: '#4c78a8',
  legit: '#4c78a8',
  attack: '#d1495b',
}
const BANDS = { attack: 'rgba(209, 73, 91, .14)', outage: 'rgba(110, 110, 110, .16)' } as const

const WIDTH = 1_080
const HEIGHT = 270

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
] as const

/** A step in words: `minute`, `15 minutes`, `hour`. */
export function stepName(stepMs: number): string {
  for (const [size, name] of UNITS) {
    const count = stepMs / size
    if (count >= 1) return count === 1 ? name : `${count} ${name}s`
  }
  return `${stepMs} ms`
}

/** Shaded from opening to containment, or as far as there is time to shade. */
function bandsOf(incidents: readonly Incident[], until: number) {
  return {
    silent: true,
    label: { color: '#555', fontSize: 11, position: 'insideTop' },
    data: incidents.map(({ kind, openedAt, containedAt, closedAt }) => [
      { xAxis: openedAt, name: kind, itemStyle: { color: BANDS[kind] } },
      { xAxis: Math.min(until, containedAt ?? closedAt ?? until) },
    ]),
  }
}

function base(from: number, until: number, unit: string) {
  return {
    useUTC: true,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: 64, right: 16, top: 28, bottom: 64 },
    // widths of text are guessed without a browser: wide gaps keep entries apart
    legend: { bottom: 4, icon: 'roundRect', itemGap: 44, textStyle: { fontSize: 12 } },
    xAxis: { type: 'time', min: from, max: until, axisLine: { lineStyle: { color: '#888' } } },
    yAxis: { type: 'value', name: unit, nameTextStyle: { align: 'left' }, minInterval: 0 },
  }
}

/** Requests by their end, one chart a group, and the money that went out; incidents as bands on all. */
export function timelineCharts(data: TimelineData, incidents: readonly Incident[]): Chart[] {
  const { from, stepMs, slices } = data
  const groups = GROUPS.filter((group) => slices[group] !== undefined)
  if (from === null || groups.length === 0) return []
  const until = from + stepMs * Math.max(...groups.map((group) => slices[group]?.length ?? 0))
  const step = stepName(stepMs)
  const size = { width: WIDTH, height: HEIGHT }
  const points = (group: Group, of: (slice: Slice) => number): [number, number][] => {
    const found = (slices[group] ?? []).map((slice, i): [number, number] => [
      from + i * stepMs,
      of(slice),
    ])
    // a step holds until its end: the last one too
    const last = found.at(-1)
    return last === undefined ? [] : [...found, [until, last[1]]]
  }
  const series = (
    name: string,
    colour: string,
    at: readonly [number, number][],
    first: boolean,
  ) => ({
    type: 'line' as const,
    step: 'end' as const,
    name,
    data: at,
    stack: 'all',
    showSymbol: false,
    color: colour,
    lineStyle: { width: 0 },
    areaStyle: { opacity: 0.85 },
    ...(first && { markArea: bandsOf(incidents, until) }),
  })
  const requests = groups.map(
    (group): Chart => ({
      title: GROUP_TITLES[group],
      caption: `Per ${step}, UTC. Shaded: incidents, from their opening until they are contained.`,
      ...size,
      option: {
        ...base(from, until, `per ${step}`),
        series: ENDS.map((end, i) =>
          series(
            END_TITLES[end],
            END_COLOURS[end],
            points(group, (slice) => slice[end]),
            i === 0,
          ),
        ),
      },
    }),
  )
  const money: Chart = {
    title: 'Money spent on messages',
    caption: `US dollars per ${step}, at the price of each message.`,
    ...size,
    option: {
      ...base(from, until, `USD per ${step}`),
      series: groups.map((group, i) =>
        series(
          GROUP_TITLES[group],
          GROUP_COLOURS[group],
          points(group, (slice) => slice.sentMicroUsd / USD),
          i === 0,
        ),
      ),
    },
  }
  return [...requests, money]
}
