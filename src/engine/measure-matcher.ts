import type { Facts } from './facts.js'
import {
  type Measure,
  type Measured,
  NO_THROTTLES,
  type TargetKind,
  type Throttle,
  throttleKey,
} from './measures.js'

export interface MeasureMatcher {
  readonly size: number
  /** `null` when no measure in force speaks of the request */
  match(
    facts: Pick<Facts, 'service' | 'number' | 'source' | 'context'>,
    now: number,
  ): Measured | null
}

const slot = (kind: TargetKind, key: string): string => `${kind} ${key}`

export function compileMeasures(measures: readonly Measure[]): MeasureMatcher {
  const slots = new Map<string, Measure[]>()
  const lengths = new Set<number>()
  for (const measure of measures) {
    const { kind, key } = measure.target
    const place = slot(kind, key)
    const there = slots.get(place)
    if (there === undefined) slots.set(place, [measure])
    else there.push(measure)
    if (kind === 'range') lengths.add(key.length)
  }
  // the longest first: the narrowest range speaks before those around it
  const prefixes = [...lengths].sort((a, b) => b - a)

  return {
    size: measures.length,
    match(facts, now) {
      const { number, source, context } = facts
      const found: Measure[] = []
      /** Adds what is in force at a place; whether all of it lets pass, `null` when there is nothing. */
      const look = (kind: TargetKind, key: string | null): boolean | null => {
        const there = key === null || key === '' ? undefined : slots.get(slot(kind, key))
        if (there === undefined) return null
        let allows: boolean | null = null
        for (const measure of there) {
          if (measure.until <= now) continue
          const { service } = measure.target
          if (service !== null && service !== facts.service) continue
          found.push(measure)
          allows = allows !== false && measure.action === 'allow'
        }
        return allows
      }

      // of destinations the narrowest decides whether an allow holds; of sources whatever restricts does
      let towards: boolean | null = null
      for (const length of prefixes)
        if (length <= number.e164.length)
          towards = first(towards, look('range', number.e164.slice(0, length)))
      towards = first(towards, look('operator', number.operatorRange))
      towards = first(towards, look('country', number.country))
      towards = first(towards, look('service', facts.service))
      const to = found.length
      const from = [
        look('ip', source.ipKey),
        look('subnet', source.subnetKey),
        look('network', source.asn === null ? null : `AS${source.asn}`),
        look('device', context.deviceId),
        look('account', context.accountId),
      ]
      if (found.length === 0) return null
      const isAllow = ({ action }: Measure): boolean => action === 'allow'
      const allowedBy =
        (towards === true ? found.slice(0, to).find(isAllow) : undefined) ??
        (from.includes(true) && !from.includes(false) ? found.slice(to).find(isAllow) : undefined)
      return { measures: found, throttles: throttlesOf(found), allowedBy: allowedBy ?? null }
    },
  }
}

const first = (known: boolean | null, next: boolean | null): boolean | null => known ?? next

function throttlesOf(found: readonly Measure[]): readonly Throttle[] {
  let throttles: Throttle[] | null = null
  for (const { action, target, limit } of found) {
    if (action !== 'throttle') continue
    throttles ??= []
    throttles.push({ key: throttleKey(target), limit: limit ?? 0 })
  }
  return throttles ?? NO_THROTTLES
}
