/** Alerts to people, from least to most pressing. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export const atLeastSevere = (severity: Severity, wanted: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(wanted)

export interface Threshold {
  name: string
  /** `share`: 0 to 1; `usd`: US dollars, 0 switches it off */
  unit: 'times' | 'share' | 'count' | 'usd'
  default: number
  min: number
  max: number
  /** what it is, for people */
  says: string
}

export interface AlertRule {
  id: string
  title: string
  severity: Severity
  /** when it fires, one sentence */
  when: string
  /** what the reader should do, one sentence */
  action: string
  thresholds: readonly Threshold[]
}

/** Everything that Tollgate watches by itself. `docs/alerts.md` is proven equal to it. */
export const ALERT_RULES = [
  {
    id: 'volume.peak',
    title: 'Volume over the usual peak',
    severity: 'warning',
    when: 'The requests of a service in five minutes exceed twice the usual peak: the median busiest hour of the last seven days, its busiest five minutes. Judged once a day of traffic is known.',
    action:
      'Look at the overview for the country that grew; throttle the service if nobody expected it.',
    thresholds: [
      {
        name: 'times',
        unit: 'times',
        default: 2,
        min: 1.1,
        max: 100,
        says: 'times the usual peak',
      },
      {
        name: 'requests',
        unit: 'count',
        default: 20,
        min: 1,
        max: 1_000_000,
        says: 'requests in five minutes at least',
      },
    ],
  },
  {
    id: 'conversion.low',
    title: 'Few codes come back',
    severity: 'critical',
    when: 'Less than 30 % of the messages of a service in 15 minutes are verified; the last two minutes are left out, for people need them to enter a code.',
    action:
      'Open the incident if there is one; otherwise look for the country whose codes do not come back.',
    thresholds: [
      {
        name: 'share',
        unit: 'share',
        default: 0.3,
        min: 0.01,
        max: 0.95,
        says: 'verified share of messages',
      },
      {
        name: 'sends',
        unit: 'count',
        default: 20,
        min: 5,
        max: 1_000_000,
        says: 'messages at least',
      },
    ],
  },
  {
    id: 'country.new',
    title: 'A country not seen in 30 days',
    severity: 'warning',
    when: 'Codes are asked for to a country that nobody asked for in the 30 days before. Judged once a week of traffic is known; ends after a day.',
    action: 'Decide whether you have users there; if not, set the country to deny in the policy.',
    thresholds: [
      {
        name: 'requests',
        unit: 'count',
        default: 3,
        min: 1,
        max: 1_000_000,
        says: 'requests in a day at least',
      },
    ],
  },
  {
    id: 'spend.day',
    title: 'Dear day',
    severity: 'warning',
    when: 'Spend of the UTC day exceeds what was forecast for the whole of it (upper end of the 95 % interval), or the daily budget given here.',
    action: 'See on the Money page which country and which operator it went to.',
    thresholds: [
      {
        name: 'budget',
        unit: 'usd',
        default: 0,
        min: 0,
        max: 100_000_000,
        says: 'budget of a day; 0: the forecast alone',
      },
    ],
  },
  {
    id: 'spend.cap',
    title: 'Spend cap',
    severity: 'warning',
    when: 'A spend cap of the policy is used to 80 %; critical at 100 %, when sending stops in enforce mode.',
    action: 'Find out where the money goes before you raise the cap.',
    thresholds: [
      {
        name: 'warn',
        unit: 'share',
        default: 0.8,
        min: 0.1,
        max: 0.99,
        says: 'used share that warns',
      },
    ],
  },
  {
    id: 'incident.attack',
    title: 'Attack',
    severity: 'critical',
    when: 'The detector opens an incident; told again when it is contained, resolved when it is closed.',
    action:
      'Open the incident and see whether the measures in force contain it; block or throttle what is left.',
    thresholds: [],
  },
  {
    id: 'incident.outage',
    title: 'Outage of a route',
    severity: 'warning',
    when: 'Codes to proven numbers and blocks do not come back either: an operator or a provider is down, nobody attacks.',
    action: 'Ask the provider; let people verify by another channel until it is over.',
    thresholds: [],
  },
  {
    id: 'provider.circuit',
    title: 'Provider not answering',
    severity: 'warning',
    when: 'The circuit breaker of a provider is open; critical when no provider is left.',
    action: 'See the status page of the provider; messages go to the next one while there is one.',
    thresholds: [],
  },
  {
    id: 'delivery.failing',
    title: 'Messages not delivered',
    severity: 'warning',
    when: 'More than 20 % of the messages of a service in an hour fail by receipt or by the answer of the provider.',
    action: 'Unallocated ranges point to an attack, all ranges alike to the provider: see Ranges.',
    thresholds: [
      {
        name: 'share',
        unit: 'share',
        default: 0.2,
        min: 0.01,
        max: 0.95,
        says: 'failed share of messages',
      },
      {
        name: 'sends',
        unit: 'count',
        default: 20,
        min: 5,
        max: 1_000_000,
        says: 'messages at least',
      },
    ],
  },
  {
    id: 'outcomes.missing',
    title: 'A service reports no outcomes',
    severity: 'warning',
    when: 'A service sent at least 100 messages in 24 hours and not one was verified: its application does not say what becomes of its codes, so that honest users run out of credit.',
    action: 'Report outcomes for the decisions of the service, or let Tollgate check the codes.',
    thresholds: [
      {
        name: 'sends',
        unit: 'count',
        default: 100,
        min: 10,
        max: 1_000_000,
        says: 'messages in a day at least',
      },
    ],
  },
  {
    id: 'measure.applied',
    title: 'Measure applied by itself',
    severity: 'info',
    when: 'A range is refused by the detector, or the automatic playbook of the policy acts. Resolved when the measure ends.',
    action: 'See on the Incidents page whether people are refused with it; undo it there.',
    thresholds: [],
  },
  {
    id: 'watch.met',
    title: 'A watched entry was met',
    severity: 'info',
    when: 'A request met an entry of the watch list. Resolved when none has met it for 15 minutes.',
    action: 'See on the Lists page whom it met; deny the entry, or remove it.',
    thresholds: [],
  },
  {
    id: 'ledger.trouble',
    title: 'Ledger in trouble',
    severity: 'critical',
    when: 'The ledger does not answer: nothing can be recorded, and nothing is sent.',
    action:
      'Check the disk of the data directory: space, permissions, errors; then the log of the gateway.',
    thresholds: [],
  },
  {
    id: 'gateway.trouble',
    title: 'Gateway not as it should be',
    severity: 'critical',
    when: 'The shared store of lines is lost, the ledger is spooled, the clock was set, or requests are turned away for there is too much to do.',
    action:
      'Mend what the alert names; docs/failure.md says what happens until then, and /readyz what else is wrong.',
    thresholds: [],
  },
] as const satisfies readonly AlertRule[]

export type RuleId = (typeof ALERT_RULES)[number]['id']

/** How operators changed a rule. */
export interface RuleOverride {
  enabled?: boolean
  severity?: Severity
  thresholds?: Record<string, number>
}
export type RuleOverrides = Partial<Record<RuleId, RuleOverride>>

/** A rule as it is in force. */
export interface RuleInForce {
  rule: AlertRule & { id: RuleId }
  enabled: boolean
  severity: Severity
  /** value of a threshold of the catalogue */
  value: (name: string) => number
}

const byId = new Map<string, AlertRule & { id: RuleId }>(ALERT_RULES.map((rule) => [rule.id, rule]))
export const isRule = (id: string): id is RuleId => byId.has(id)

export function ruleInForce(id: RuleId, overrides: RuleOverrides): RuleInForce {
  const rule = byId.get(id)
  if (rule === undefined) throw new Error(`alerts: there is no rule ${id}`)
  const override = overrides[id]
  return {
    rule,
    enabled: override?.enabled ?? true,
    severity: override?.severity ?? rule.severity,
    value(name) {
      const threshold = rule.thresholds.find((one) => one.name === name)
      if (threshold === undefined) throw new Error(`alerts: ${id} has no threshold ${name}`)
      return override?.thresholds?.[name] ?? threshold.default
    },
  }
}
