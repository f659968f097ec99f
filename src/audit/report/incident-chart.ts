import type { AuditIncident } from '../audit-result.js'
import { AXIS, type FigureOptions, TEXT, WIDTHS } from './figure.js'
import { brief, count, dayText, momentText } from './figures.js'
import { ink } from './palette.js'

const DAY_MS = 86_400_000

/** Hours of an attack of a day, days of one of weeks. */
function labelFor(timeline: AuditIncident['timeline']): (at: number) => string {
  const [first] = timeline
  const last = timeline.at(-1)
  const short = Date.parse(last?.at ?? '') - Date.parse(first?.at ?? '') < 2 * DAY_MS
  return (at) => {
    const iso = new Date(at).toISOString()
    return short ? iso.slice(11, 16) : dayText(iso).replace(/ \d{4}$/, '')
  }
}

/** Messages to the ranges of an incident from onset to end, and how many of them were verified. */
export function incidentFigure({ timeline, kind }: AuditIncident, id: string): FigureOptions {
  const peak = timeline.reduce((most, point) => (point.messages > most.messages ? point : most), {
    at: '',
    messages: 0,
  })
  const answered = timeline.some(({ verified }) => verified !== null)
  const words = `At its peak ${count(peak.messages)} messages went out from ${momentText(peak.at)} UTC.`
  const points = (of: (point: AuditIncident['timeline'][number]) => number): [number, number][] =>
    timeline.map((point) => [Date.parse(point.at), of(point)])
  const area = (name: string, colour: 'surely' | 'soft' | 'good', data: [number, number][]) => ({
    type: 'line' as const,
    name,
    color: ink(colour),
    step: 'end' as const,
    showSymbol: false,
    lineStyle: { width: 1.5 },
    areaStyle: { opacity: 0.25 },
    data,
  })
  return {
    id,
    alternative: `Messages over time. ${words}`,
    caption: `${words}${answered ? ' Green: the codes that were entered.' : ''}`,
    chart: (width) => ({
      width: width === 'wide' ? 560 : WIDTHS.narrow - 24,
      height: 170,
      option: {
        useUTC: true,
        textStyle: TEXT,
        grid: { left: 48, right: 24, top: 14, bottom: 28 },
        xAxis: {
          ...AXIS,
          type: 'time',
          splitLine: { show: false },
          splitNumber: 4,
          axisLabel: { ...AXIS.axisLabel, formatter: labelFor(timeline) },
        },
        yAxis: {
          ...AXIS,
          type: 'value',
          axisLabel: { ...AXIS.axisLabel, formatter: brief },
          axisLine: { show: false },
          splitNumber: 3,
          minInterval: 1,
        },
        series: [
          area(
            'messages',
            kind === 'attack' ? 'surely' : 'soft',
            points(({ messages }) => messages),
          ),
          ...(answered
            ? [
                area(
                  'verified',
                  'good',
                  points(({ verified }) => verified ?? 0),
                ),
              ]
            : []),
        ],
      },
    }),
  }
}
