import { type CompiledService, LINE_INDEX, RIDDEN_LINES, SCALED_LINES } from './compile.js'
import {
  closingOf,
  FAST_HALF_LIFE_MS,
  kappaOf,
  limitOf,
  SENDS_PER_UNVERIFIED,
  SLOW_OPENING,
  scaleLoss,
  worstLoss,
} from './line.js'
import type { CapPeriod, LineName } from './policy.js'
import { FREE_RESEND_DEBT } from './readings.js'
import { DAY, HOUR } from './units.js'

/**
 * The worst-case loss of a policy: what an attacker who completes no verification can make it spend, whatever he
 * rotates, even if he solves every challenge. Each line holds by itself, so a range is bounded by the smallest of the
 * lines above it. Held by a property test over generated attacks (`bound.test.ts`).
 *
 * What is not in it: messages whose receipts say failed (they free the wide lines, so that an outage does not shut a
 * country: only narrow lines and spend caps hold there); numbers on the allow list and trusted callers (`riskCheck: false`); senders who verify their own
 * codes (above a conversion of 0.3 to 0.5 only earning caps, later labels and spend caps bind); and, unless
 * `verifiedHourlyMicroUsd` is given, the credit that the legitimate flow of the same line has earned.
 */
export interface Loss {
  hourMicroUsd: number
  dayMicroUsd: number
}

export interface DestinationBound {
  country: string
  priceMicroUsd: number
  market: boolean
  /** one block of 10,000 numbers */
  block: Loss
  /** all blocks of one operator */
  operator: Loss
  /** the whole country */
  countryWide: Loss
}

export interface PolicyBound {
  /** everything together: the service line, and the spend caps where they are lower */
  all: Loss
  /** all destinations outside the markets together; `null` when no markets are named */
  abroad: Loss | null
  destinations: DestinationBound[]
}

export interface BoundInput {
  service: CompiledService
  /** price of a message per country, micro-USD */
  prices: readonly { country: string; priceMicroUsd: number }[]
  /** what legitimate users verify per hour on each wide line, micro-USD: its earned credit can be ridden */
  verifiedHourlyMicroUsd?: number
  /** baseline conversion for that, lower bound. @default 0.4, the floor */
  pLow?: number
  /** what gateways lose that decide on lines of their own. @default the shared lines hold */
  apart?: Apart
}

/**
 * Gateways that lost their shared lines: each keeps its own, and reckons as if every other had seen the same.
 * A line takes a message while `debt / share + cost` is within what closes it; then it owes up to
 * `share * closing + (1 - share) * cost`: the last message of each gateway is not shared with the others.
 */
export interface Apart {
  /** gateways at once, 1 or more */
  gateways: number
  /** part of the credit that each of them gives, over 0 to 1 */
  share: number
}

/**
 * Messages a session can take for one charge of its ranges: its first, and resends while its number owes less than
 * FREE_RESEND_DEBT; or until the number's own line is at `hard`.
 */
function sendsPerSession({ policy }: CompiledService): number {
  const { opening, atLeast } = policy.lines.number
  const most = (limit: number, hard: number): number =>
    scaleLoss(limit, hard, FAST_HALF_LIFE_MS, policy.sessionMs)
  const free = most(FREE_RESEND_DEBT + 1, 1)
  const allowed = most(Math.max(opening, atLeast), policy.hard)
  return Math.max(1, Math.floor(Math.min(free, allowed)))
}

/** Stores keep time in whole seconds: what came late in one decays up to a second early. */
const GRAIN_MS = 1_000

/** Fast and slow together: the smaller of what each scale lets through in the span. */
function lineLoss(
  input: BoundInput,
  line: LineName,
  price: number,
  outside: boolean,
  spanMs: number,
): number {
  const { service, verifiedHourlyMicroUsd = 0, pLow = 0.4 } = input
  const i = LINE_INDEX[line]
  const base = (outside ? service.openingOutside[i] : service.opening[i]) as number
  const least = ((outside ? service.atLeastOutside[i] : service.atLeast[i]) as number) * price
  const verified = SCALED_LINES.includes(line) ? verifiedHourlyMicroUsd : 0
  const opening = Math.max(base, least, service.policy.sizeShare * verified)
  const halfLife = service.slowHalfLifeMs[i] as number
  const span = spanMs + GRAIN_MS
  const { hard } = service.policy
  if (verified === 0 && input.apart === undefined) return worstLoss(opening, hard, halfLife, span)
  const kappa = SENDS_PER_UNVERIFIED * kappaOf(pLow, service.policy.margin)
  const limit = (scale: number, halfLifeMs: number): number =>
    limitOf(
      scale * opening,
      (verified * halfLifeMs) / Math.LN2 / HOUR,
      kappa,
      service.policy.z,
      price,
    )
  const { gateways, share } = input.apart ?? { gateways: 1, share: 1 }
  const closing = (scale: number, halfLifeMs: number): number =>
    gateways *
    (share * closingOf(scale * opening, limit(scale, halfLifeMs), hard, RIDDEN_LINES[i] === 1) +
      (1 - share) * price)
  return Math.min(
    scaleLoss(closing(1, FAST_HALF_LIFE_MS), 1, FAST_HALF_LIFE_MS, span),
    scaleLoss(closing(SLOW_OPENING, halfLife), 1, halfLife, span),
  )
}

const lossOf = (of: (spanMs: number) => number): Loss => ({
  hourMicroUsd: of(HOUR),
  dayMicroUsd: of(DAY),
})
const least = (a: Loss, b: Loss): Loss => ({
  hourMicroUsd: Math.min(a.hourMicroUsd, b.hourMicroUsd),
  dayMicroUsd: Math.min(a.dayMicroUsd, b.dayMicroUsd),
})
const times = (a: Loss, factor: number): Loss => ({
  hourMicroUsd: a.hourMicroUsd * factor,
  dayMicroUsd: a.dayMicroUsd * factor,
})

/** A calendar cap of a period bounds any span: two of its periods may meet in it. */
function capLoss(period: CapPeriod, limitMicroUsd: number, spanMs: number): number {
  const length = period === 'hour' ? HOUR : DAY
  return limitMicroUsd * (period === 'month' ? 2 : Math.ceil(spanMs / length) + 1)
}

export function boundOf(input: BoundInput): PolicyBound {
  const { service, prices, apart } = input
  const { gateways, share } = apart ?? { gateways: 1, share: 1 }
  const dearest = prices.reduce((max, p) => Math.max(max, p.priceMicroUsd), 0)
  const resends = sendsPerSession(service)
  const loss = (line: LineName, price: number, outside: boolean, longerMs = 0): Loss =>
    lossOf((span) => lineLoss(input, line, price, outside, span + longerMs))

  // caps are in money to the last message: what is spent apart is within the share of each
  const capOf = (limitMicroUsd: number): number =>
    gateways * share * limitMicroUsd + gateways * (1 - share) * dearest

  let all = loss('service', dearest, false)
  for (const cap of service.caps) {
    if (cap.scope === 'country') continue
    all = least(
      all,
      lossOf((span) => capLoss(cap.period, capOf(cap.limitMicroUsd), span)),
    )
  }
  const abroad = service.markets.size === 0 ? null : least(all, loss('abroad', dearest, true))
  const destinations = prices.map(({ country, priceMicroUsd }) => {
    const permission = service.policy.countries[country]
    const market =
      service.markets.size === 0 || service.markets.has(country) || permission === 'allow'
    const closed =
      permission === 'deny' ||
      (permission === undefined && !market && service.policy.outside === 'deny')
    if (closed) {
      const none: Loss = { hourMicroUsd: 0, dayMicroUsd: 0 }
      return { country, priceMicroUsd, market, block: none, operator: none, countryWide: none }
    }
    let countryWide = least(
      loss('country', priceMicroUsd, !market),
      market || abroad === null ? all : abroad,
    )
    for (const cap of service.caps) {
      if (cap.scope !== 'country' || (cap.country !== '*' && cap.country !== country)) continue
      countryWide = least(
        countryWide,
        lossOf((span) => capLoss(cap.period, capOf(cap.limitMicroUsd), span)),
      )
    }
    // ranges are not charged for the first resends of a session, which may have opened before the span began
    const range = (line: LineName): Loss =>
      times(loss(line, priceMicroUsd, !market, service.policy.sessionMs), resends)
    const operator = least(range('operator'), countryWide)
    const block = least(range('block'), operator)
    return { country, priceMicroUsd, market, block, operator, countryWide }
  })
  return { all, abroad, destinations }
}

/** What is lost when the shared lines are, and how much that is of what is lost anyhow. */
export interface ApartBound extends Apart {
  /** what all gateways together can lose on lines of their own, besides what the shared lines had lost before */
  all: Loss
  /** both together over what the shared lines alone lose in a day, e.g. 2.1 */
  times: number
}

/**
 * The bound while gateways decide on lines of their own. An attacker may have used up the shared lines before they were
 * lost: then both are lost, each at most once, for own lines remember from one outage to the next.
 */
export function apartBound(input: BoundInput, apart: Apart): ApartBound {
  const normal = boundOf(input).all
  const { all } = boundOf({ ...input, apart })
  return { ...apart, all, times: 1 + all.dayMicroUsd / normal.dayMicroUsd }
}
