/** One service, as the policy in force has it and as today goes. Money in micro-USD. */
export interface ServiceView {
  name: string
  mode: 'enforce' | 'monitor'
  /** the policy names it; otherwise it was asked for and its settings are those of any other service */
  named: boolean
  /** ISO 3166 alpha-2; empty: nowhere is abroad */
  markets: string[]
  outside: string
  fraudBudget: number
  code: {
    digits: number
    ttlMs: number
    maxChecks: number
    maxSends: number
    resendAfterMs: number
  }
  /** since midnight UTC */
  today: { requests: number; sends: number; verified: number; spend: number }
  /** Twilio's name of it, for applications that speak Twilio's API */
  twilio: { sid: string; friendlyName: string } | null
}

/** `GET /v1/console/settings/services` */
export interface ServicesView {
  services: ServiceView[]
  /** names that the policy does not have are taken too */
  others: boolean
  since: number
}

/** `GET /v1/console/settings/deployment` */
export interface DeploymentView {
  version: string
  simulation: boolean
  publicUrl: string | null
  configFile: string | null
  policyFile: string | null
  data: string
  numbers: 'clear' | 'hashed' | 'encrypted'
  trustProxies: string[]
  retention: { requestsMs: number; verificationsMs: number }
  providers: {
    name: string
    type: string
    receipts: boolean
    state: 'closed' | 'open' | 'half_open' | null
  }[]
  prices: { source: string }
  ledger: 'healthy' | 'failing'
  /** `null`: there is only this one */
  gateways: { names: string[]; configured: number; says: string | null; tooMuch: boolean } | null
  node: string
  /** the process, Unix ms by the gateway's clock */
  now: number
}
