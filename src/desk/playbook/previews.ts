import type { MeasureAction, Target } from '../../engine/measures.js'
import { HOUR, MINUTE } from '../../engine/units.js'
import { sumOf } from '../../report/tally.js'
import type { DeskParts } from '../parts.js'
import { type Effect, effectOf } from './preview.js'
import { trafficOf } from './target-traffic.js'
import { type UsualTraffic, usualTraffic } from './usual-traffic.js'

const LOOKED_BACK_MS = HOUR
/** Part of a service's people from which an order has to be confirmed by typing its target. */
const CONFIRM_FROM = 0.5

export interface Preview extends Effect {
  /** time of the requests, Unix ms */
  from: number
  to: number
  /** `false`: there were more, and the newest of them were looked at */
  complete: boolean
  /** people that the service, or all of them, verified in that time */
  verifiedInAll: number
  /** of those, the share that would have been stopped; `null` while nobody verified */
  share: number | null
  /** what must be typed to order it; `null`: nothing */
  confirm: string | null
  /** services it speaks of that are in monitor mode: there it is recorded and refuses nobody */
  monitors: string[]
  usual: UsualTraffic | null
  limit: number | null
}

/** What a measure would have done in the last hour. */
export async function previewOf(
  { ledger, gate, clock }: Pick<DeskParts, 'ledger' | 'gate' | 'clock'>,
  { target, action, limit: given }: { target: Target; action: MeasureAction; limit?: number },
): Promise<Preview> {
  const to = clock()
  const from = to - LOOKED_BACK_MS
  const usual = action === 'throttle' ? await usualTraffic(ledger, target, to) : null
  const limit = usual === null ? null : (given ?? usual.throttle)
  const traffic = await trafficOf(ledger, target, from, to)
  const effect = effectOf(traffic.rows.reverse(), { target, action, limit })
  const service = target.kind === 'service' ? target.key : target.service
  const minutes = await ledger.series({
    period: 'minute',
    dimension: 'all',
    // the roll-up's minutes that the rows looked at fall into
    from: Math.floor(traffic.since / MINUTE) * MINUTE,
    to,
    ...(service !== null && { service }),
  })
  const verifiedInAll = Math.max(sumOf(minutes).verified, effect.verified)
  const share = verifiedInAll === 0 ? null : effect.verified / verifiedInAll
  return {
    ...effect,
    from: traffic.complete ? from : traffic.since,
    to,
    complete: traffic.complete,
    verifiedInAll,
    share,
    confirm: share !== null && share > CONFIRM_FROM ? target.key : null,
    monitors: monitorsOf(gate.policy.policy, service),
    usual,
    limit,
  }
}

function monitorsOf(
  { services, fallback }: DeskParts['gate']['policy']['policy'],
  service: string | null,
): string[] {
  if (service !== null) {
    const mode = (services[service] ?? fallback)?.mode
    return mode === 'monitor' ? [service] : []
  }
  const named = Object.values(services).flatMap(({ name, mode }) =>
    mode === 'monitor' ? [name] : [],
  )
  return fallback?.mode === 'monitor' ? [...named, '(any other)'] : named
}
