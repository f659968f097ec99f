import type { TrafficFigures } from '../../report/traffic-row.js'

/** What is counted of a range or a source in a span. Money in micro-USD. */
export type Traffic = TrafficFigures

/** What speaks of a row besides its figures. */
export interface Mark {
  kind: 'incident' | 'quarantine' | 'measure'
  /** of incident or measure */
  id: string | null
  /** in words */
  text: string
  /** Unix ms at which it ends, where that is known */
  until: number | null
}

export interface SpanView {
  name: string
  from: number
  to: number
  /** starts of the trend's buckets */
  buckets: number[]
}

export type RangeLevel = 'country' | 'operator' | 'block' | 'subBlock'

/** A line of credit as it stands now, micro-USD. */
export interface CreditView {
  service: string
  debt: number
  limit: number
  /** debt over limit */
  utilisation: number
  closed: boolean
}

export interface RangeRow extends Traffic {
  level: RangeLevel
  key: string
  /** name of the operator, else empty */
  name: string
  country: string
  operator: string | null
  block: string | null
  /** the fullest line of it over the services; `null` where none is kept */
  credit: CreditView | null
  marks: Mark[]
}

/** `GET /v1/console/ranges`, `GET /v1/console/ranges/search` */
export interface RangesView {
  span: SpanView
  rows: RangeRow[]
  /** there are more than are shown: the largest are */
  more: boolean
}

export interface SeriesPoint {
  at: number
  requests: number
  sends: number
  verified: number
  refused: number
  spend: number
  saved: number
}

export interface SharedSource {
  kind: 'network' | 'subnet' | 'ip' | 'device' | 'account'
  key: string
  name: string | null
  hosting: boolean
  requests: number
}

/** `GET /v1/console/ranges/one` */
export interface RangeView {
  span: SpanView
  row: RangeRow
  series: SeriesPoint[]
  /** its lines of credit, by service */
  credit: CreditView[]
  /** who asked for it, of its last requests */
  sources: SharedSource[]
  /** requests that the sources are counted from */
  sampled: number
}
