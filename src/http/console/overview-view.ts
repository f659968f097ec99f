/** How far "now" reaches back on the overview. */
export const OVERVIEW_SPANS = ['5m', '1h', '24h'] as const
export type OverviewSpan = (typeof OVERVIEW_SPANS)[number]

/** Money in micro-USD, shares 0 to 1, times Unix ms. */
export interface FlowView {
  requests: number
  /** by what enforce mode says */
  challenged: number
  held: number
  denied: number
  sends: number
  verified: number
  /** verified sends over sends, of sends that people had time to answer; `null` where there are none */
  conversion: number | null
  spend: number
  /** matured unverified, or not delivered */
  wasted: number
  saved: number
  /** what monitor mode sent against its own advice */
  wouldSave: number
  refusedNumbers: number
}

export interface CountryFlow extends Omit<FlowView, 'challenged' | 'held' | 'denied'> {
  code: string
  /** conversion of the 28 days before; `null` where too little was sent */
  usual: number | null
  /** against the usual, by what chance allows; `quiet` where there is too little to tell */
  against: 'quiet' | 'fine' | 'watch' | 'alarm'
}

export interface CountryCourse extends CountryFlow {
  /** sends and verified sends by bucket of the course, oldest first */
  sendsBy: number[]
  verifiedBy: number[]
}

export interface CoursePoint {
  at: number
  requests: number
  sends: number
  verified: number
  /** requests that were not sent */
  refused: number
}

export interface RiskView {
  service: string
  mode: 'enforce' | 'monitor'
  /** the most that an attacker who verifies nothing can make the policy spend in a day */
  boundDay: number
  boundHour: number
  /** spend of the last 24 hours that no verified code stands against: wasted, and still open */
  unverifiedDay: number
  /** debt on the line of the service, its limit, and the debt over the limit */
  debt: number
  limit: number
  utilisation: number
}

export interface OpenIncident {
  id: string
  kind: 'attack' | 'outage'
  state: 'open' | 'contained'
  service: string
  countries: string[]
  /** the first ranges, and how many there are */
  ranges: string[]
  rangeCount: number
  since: number
  lost: number
  saved: number
  refusedNumbers: number
}

export interface SignalView {
  id: 'burst' | 'conversion15' | 'conversion60' | 'country' | 'cluster' | 'failing'
  /** `null`: of all services together */
  service: string | null
  state: 'quiet' | 'fine' | 'watch' | 'alarm'
  value: number | null
  threshold: number | null
  count: number
  since: number | null
  about: string[]
}

/** `GET /v1/console/overview` */
export interface OverviewView {
  span: OverviewSpan
  from: number
  now: number
  flow: FlowView
  /** the same length of time before */
  before: FlowView
  /** start of the course and ms of its buckets */
  courseFrom: number
  bucketMs: number
  course: CoursePoint[]
  /** the busiest twelve, with their course */
  countries: CountryCourse[]
  /** all others, for map and table */
  others: CountryFlow[]
  risk: RiskView[]
  incidents: OpenIncident[]
  signals: SignalView[]
  /** there was never a request: what to try; else `null` */
  firstDay: { service: string; to: string; sends: boolean } | null
}
