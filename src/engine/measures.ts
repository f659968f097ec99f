/**
 * Measures: what people order while it lasts, beside the policy. One target, one action, an end. They are matched like
 * lists: compiled once, a few look-ups for each request, none when nothing is in force.
 */
export const TARGETS = [
  'range',
  'operator',
  'country',
  'service',
  'ip',
  'subnet',
  'network',
  'device',
  'account',
] as const
export type TargetKind = (typeof TARGETS)[number]

/** Where a message goes; the others are where a request comes from. */
export const DESTINATIONS: ReadonlySet<TargetKind> = new Set([
  'range',
  'operator',
  'country',
  'service',
])

/**
 * `block` refuses strangers (numbers verified before and the allow list pass; a blocked source passes nothing), `pause`
 * refuses everybody, `throttle` sends at most so many messages an hour, `challenge` and `hold` ask for a challenge or
 * a person, `allow` passes lines, limits and risk like the allow list.
 */
export const ACTIONS = ['block', 'throttle', 'challenge', 'hold', 'pause', 'allow'] as const
export type MeasureAction = (typeof ACTIONS)[number]

export interface Target {
  kind: TargetKind
  /** prefix with the plus sign, key of an operator range, country code, name of a service, or key of a source */
  key: string
  /** `null`: in every service */
  service: string | null
}

export interface Measure {
  id: string
  target: Target
  action: MeasureAction
  /** messages an hour, of a throttle */
  limit: number | null
  /** Unix ms: from then on it does nothing, whoever has forgotten it */
  until: number
}

/** A limit that the store holds for one target, however many requests come at once. */
export interface Throttle {
  /** names the counter; the same for every throttle of the target */
  key: string
  /** messages an hour */
  limit: number
}

/** The measures that a request meets. */
export interface Measured {
  measures: readonly Measure[]
  /** those of them that throttle, in their order */
  throttles: readonly Throttle[]
  /** the one that lets it pass; `null` where none does, or a narrower one speaks against it */
  allowedBy: Measure | null
}

export const NO_THROTTLES: readonly Throttle[] = []

export const throttleKey = ({ kind, key, service }: Target): string =>
  `${kind} ${key} ${service ?? '*'}`
