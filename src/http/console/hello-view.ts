/** `GET /v1/console/hello`: what a page needs before it knows who looks at it. */
export interface HelloView {
  user: { id: string; name: string; role: 'viewer' | 'analyst' | 'admin' } | null
  session: { way: string; endsAt: number; idleMs: number } | null
  /** nobody can sign in yet: the link of the first administrator is printed where the gateway was started */
  setup: boolean
  /** the organisation's identity provider, by its host, where one is configured */
  oidc: string | null
  /** where people are to open the console; `null`: wherever they reach it */
  publicUrl: string | null
  version: string
  /** traffic is simulated and no message leaves */
  simulation: boolean
  /** the gateway's clock, Unix ms */
  now: number
}

/** `GET /v1/console/status`: what every page says of the gateway around it. */
export interface StatusView {
  /** services by mode; in `monitor` nothing is refused */
  services: { name: string; mode: 'enforce' | 'monitor' }[]
  /** what does not work as it should: a sentence each */
  trouble: { what: string; since: number | null }[]
  openIncidents: number
  /** requests that wait for a person */
  waiting: number
}

/** First event of `GET /v1/console/live`, and every some seconds `{ now }`. */
export interface LiveHello {
  version: string
  now: number
  /** id of the last event; what is below was told already */
  last: number
}
