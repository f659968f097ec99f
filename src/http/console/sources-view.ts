import type { Mark, SeriesPoint, SpanView, Traffic } from './ranges-view.js'

export type SourceKind = 'network' | 'subnet' | 'ip' | 'device' | 'account'

export interface SourceRow extends Traffic {
  kind: SourceKind
  key: string
  /** of the network it belongs to, where that is known */
  network: string | null
  /** programs rent there */
  hosting: boolean
  /** of the address, ISO 3166; `null` where it is unknown or the source has many */
  country: string | null
  marks: Mark[]
}

/** `GET /v1/console/sources` */
export interface SourcesView {
  span: SpanView
  rows: SourceRow[]
  /** there are more than are shown: the largest are */
  more: boolean
  /** whose databases name the networks */
  attribution: { text: string; links: readonly string[] }
}

export interface Aim {
  kind: 'country' | 'operator' | 'block'
  key: string
  /** for a link to the range: the operator of a block */
  operator: string | null
  requests: number
}

/** `GET /v1/console/sources/one` */
export interface SourceView {
  span: SpanView
  row: SourceRow
  series: SeriesPoint[]
  /** where it asked for messages to go, of its last requests */
  aims: Aim[]
  /** different countries and different numbers among them */
  countries: number
  numbers: number
  sampled: number
}
