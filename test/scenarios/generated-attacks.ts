import fc from 'fast-check'
import { type Apart, boundOf, type Loss } from '../../src/engine/bound.js'
import { type CompiledService, compileService } from '../../src/engine/compile.js'
import { DEFAULT_LINES, DEFAULT_SERVICE } from '../../src/engine/defaults.js'
import type { ServicePolicy, SpendCap } from '../../src/engine/policy.js'
import { DAY, HOUR, MINUTE, SECOND, USD } from '../../src/engine/units.js'
import { createRandom, type Random } from '../../src/lab/random.js'
import { ownShare } from '../../src/lines/degraded/own-share.js'
import { memoryLines } from '../../src/lines/memory/memory.js'
import { type Ask, createAttacker, mostIn, type Sent } from './attacker.js'

/** For tests: attacks made up at random on policies made up at random, and how near they came to the bound. */

const COUNTRIES = ['NG', 'GH', 'LK', 'GB'] as const
const START = Date.UTC(2026, 10, 16, 9, 37, 41, 350)

export interface Attack {
  seed: number
  /** sends go up to that far from the start, ms */
  spanMs: number
  rhythm: 'burst' | 'trickle' | 'hammer' | 'waves'
  asks: number
  /** longest wait after a refusal, ms */
  pauseMs: number
  operators: number
  blocks: number
  /** numbers in a block; few: the same are asked again and again */
  numbers: number
  countries: number
  freshSources: boolean
  /** share of solved challenges */
  solves: number
}

const attacks = (spanMs: number, asks: number): fc.Arbitrary<Attack> =>
  fc.record({
    seed: fc.nat(),
    spanMs: fc.integer({ min: MINUTE, max: spanMs }),
    rhythm: fc.constantFrom('burst', 'trickle', 'hammer', 'hammer', 'waves'),
    asks: fc.integer({ min: 20, max: asks }),
    pauseMs: fc.constantFrom(5 * SECOND, MINUTE, 10 * MINUTE),
    operators: fc.integer({ min: 1, max: 3 }),
    blocks: fc.integer({ min: 1, max: 8 }),
    numbers: fc.constantFrom(1, 3, 12, 10_000),
    countries: fc.integer({ min: 1, max: 4 }),
    freshSources: fc.constantFrom(true, true, true, false),
    solves: fc.constantFrom(0, 0.5, 1, 1),
  })

const money = (most: number): fc.Arbitrary<number> => fc.integer({ min: 20_000, max: most * USD })

const caps = fc.oneof(
  fc.constant<SpendCap[]>([]),
  fc
    .record({
      scope: fc.constantFrom('service', 'global'),
      period: fc.constantFrom('hour', 'day', 'month'),
      limitMicroUsd: money(5),
    })
    .map((cap): SpendCap[] => [cap]),
  fc
    .record({
      scope: fc.constant('country' as const),
      country: fc.constantFrom('*', 'NG', 'LK'),
      period: fc.constantFrom('hour', 'day'),
      limitMicroUsd: money(3),
    })
    .map((cap): SpendCap[] => [cap]),
)

const opening = (line: keyof typeof DEFAULT_LINES, most: number) =>
  fc
    .record({
      opening: money(most),
      openingOutside: money(most),
      atLeast: fc.integer({ min: 1, max: 5 }),
      atLeastOutside: fc.integer({ min: 1, max: 5 }),
    })
    .map((values) => ({ ...DEFAULT_LINES[line], ...values }))

const policies: fc.Arbitrary<ServicePolicy> = fc
  .oneof(
    fc.constant({}),
    fc.record({
      subBlock: opening('subBlock', 1),
      block: opening('block', 1),
      operator: opening('operator', 5),
      country: opening('country', 8),
      abroad: opening('abroad', 8),
      numberOpening: fc.integer({ min: 1, max: 8 }),
      hard: fc.double({ min: 1, max: 3, noNaN: true }),
      fraudBudgetMicroUsd: money(200),
      sessionMs: fc.constantFrom(MINUTE, 10 * MINUTE, HOUR),
      maturityMs: fc.constantFrom(MINUTE, 2 * MINUTE, 10 * MINUTE),
      spendCaps: caps,
    }),
  )
  .chain((changed) =>
    fc
      .constantFrom<string[]>([], ['NG'], ['NG', 'GH', 'LK', 'GB'])
      .map((markets): ServicePolicy => {
        const policy: ServicePolicy = {
          ...DEFAULT_SERVICE,
          name: 'signup',
          mode: 'enforce',
          markets,
        }
        if (!('hard' in changed)) return policy
        const { subBlock, block, operator, country, abroad, numberOpening, ...rest } = changed
        const number = { ...DEFAULT_LINES.number, opening: numberOpening }
        const lines = { ...DEFAULT_LINES, subBlock, block, operator, country, abroad, number }
        return { ...policy, ...rest, lines }
      }),
  )

const prices = fc.array(fc.integer({ min: 4_000, max: 500_000 }), { minLength: 4, maxLength: 4 })

/** The asks of an attack one after the other; `retryAt` is what the last answer said. */
function* asksOf(
  attack: Attack,
  price: readonly number[],
  random: Random,
): Generator<Ask, void, number> {
  let at = START
  for (let i = 0; i < attack.asks && at < START + attack.spanMs; i++) {
    const country = random.below(attack.countries)
    const operator = `${COUNTRIES[country]}/${random.below(attack.operators)}`
    const block = `+${country}${operator.at(-1)}${random.below(attack.blocks)}`
    const retryAt = yield {
      at,
      number: `${block}${String(random.below(attack.numbers)).padStart(4, '0')}`,
      block,
      operator,
      country: COUNTRIES[country] as string,
      priceMicroUsd: price[country] as number,
      ip: attack.freshSources ? `ip${i}` : `ip${random.below(4)}`,
      device: attack.freshSources ? `d${i}` : `d${random.below(4)}`,
      solves: random.chance(attack.solves),
    }
    if (attack.rhythm === 'burst') at += random.below(3 * SECOND)
    else if (attack.rhythm === 'trickle')
      at += Math.floor(random.exponential(attack.spanMs / attack.asks))
    else if (attack.rhythm === 'waves') at += i % 40 === 39 ? 20 * MINUTE : random.below(SECOND)
    // refused: somewhere else at once, or a little later, or when this one said that it frees
    else if (retryAt > at && random.chance(0.3))
      at = random.chance(0.9)
        ? at + random.below(attack.pauseMs)
        : Math.min(retryAt + random.below(2 * SECOND), at + HOUR)
  }
}

function run(
  service: CompiledService,
  attack: Attack,
  price: readonly number[],
  apart: Apart | null,
): readonly Sent[] {
  const seed = attack.seed | 0
  const stores = Array.from({ length: apart?.gateways ?? 1 }, (_, i) => {
    const lines = memoryLines({ seed: seed + i, capacity: 20_000 })
    return apart === null ? lines : ownShare(lines, apart.share, 'degraded')
  })
  const attacker = createAttacker(service, seed, stores)
  const random = createRandom(attack.seed)
  const asks = asksOf(attack, price, random)
  // whichever gateway still lets him: a refusal sends him on to the next one
  let gateway = 0
  for (let next = asks.next(0); next.done !== true; ) {
    let retryAt = 0
    for (let tries = 0; tries < stores.length; tries++) {
      retryAt = attacker.ask({ ...next.value, gateway })
      if (retryAt === 0 && !random.chance(1 / stores.length)) break
      gateway = (gateway + 1) % stores.length
      if (retryAt === 0) break
    }
    next = asks.next(retryAt)
  }
  return attacker.sent
}

/** Largest share of its bound that any group of sends reached, e.g. 1.02 for two percent over. */
function worstShare(
  sent: readonly Sent[],
  key: (s: Sent) => string,
  bound: (s: Sent) => Loss,
): number {
  const groups = new Map<string, Sent[]>()
  for (const event of sent) {
    const group = groups.get(key(event))
    if (group === undefined) groups.set(key(event), [event])
    else group.push(event)
  }
  let worst = 0
  for (const group of groups.values()) {
    const loss = bound(group[0] as Sent)
    worst = Math.max(
      worst,
      mostIn(group, HOUR) / loss.hourMicroUsd,
      mostIn(group, DAY) / loss.dayMicroUsd,
    )
  }
  return worst
}

/** @param apart gateways that lost their shared lines; `null`: one store for all */
export function sharesOf(
  policy: ServicePolicy,
  attack: Attack,
  price: readonly number[],
  apart: Apart | null = null,
) {
  const service = compileService(policy, [])
  const bound = boundOf({
    service,
    prices: COUNTRIES.map((country, i) => ({ country, priceMicroUsd: price[i] as number })),
    ...(apart !== null && { apart }),
  })
  const sent = run(service, attack, price, apart)
  const to = (event: Sent) => {
    const found = bound.destinations.find((d) => d.country === event.country)
    if (found === undefined) throw new Error(`no bound for ${event.country}`)
    return found
  }
  const { abroad } = bound
  const outside = abroad === null ? [] : sent.filter((e) => !to(e).market)
  return {
    block: worstShare(
      sent,
      (e) => e.block,
      (e) => to(e).block,
    ),
    operator: worstShare(
      sent,
      (e) => e.operator,
      (e) => to(e).operator,
    ),
    country: worstShare(
      sent,
      (e) => e.country,
      (e) => to(e).countryWide,
    ),
    abroad:
      abroad === null
        ? 0
        : worstShare(
            outside,
            () => 'abroad',
            () => abroad,
          ),
    all: worstShare(
      sent,
      () => 'all',
      () => bound.all,
    ),
  }
}

/** Policy, attack and prices; parts differ in how long the attacks last. */
export const generated = (part: number) =>
  fc.tuple(policies, attacks(part === 0 ? 3 * DAY : 3 * HOUR * part, 160), prices)
