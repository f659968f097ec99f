/** Traffic for the detector: people of a few countries, attacks and outages, all from one seed. */
import type { Change } from '../../src/engine/detect/change.js'
import { createDetector, type DetectorOptions } from '../../src/engine/detect/detector.js'
import type { OutcomeKind, OutcomeSeen, SendSeen } from '../../src/engine/detect/events.js'
import { DAY, MINUTE, SECOND } from '../../src/engine/units.js'
import { createRandom } from '../../src/lab/random.js'

/** A Monday, 00:00 UTC. */
export const START = 1_795_392_000_000
const PASS_MS = 5 * SECOND
export const MATURITY_MS = 2 * MINUTE
export const SERVICE = 'signup'
export const PRICE = 50_000

export interface StageOptions {
  seed: number
  countries: { name: string; code: string; perDay: number; p: number }[]
  operators?: number
  /** blocks per operator that have subscribers */
  blocks?: number
  /** concentration of the conversion between blocks */
  concentration?: number
  /** share of sends to numbers that were verified before */
  returning?: number
  detector?: Partial<DetectorOptions>
  passMs?: number
}

export interface AttackOptions {
  country: string
  operator: number
  /** indices of blocks; people live in 0 up to `blocks` */
  blocks: number[]
  perMinute: number
  from: number
  until: number
  /** share that the attacker verifies */
  verifies?: number
  subnet?: (i: number) => string
}

interface Due {
  at: number
  run: () => void
}

export function createStage(options: StageOptions) {
  const { seed, countries, operators = 4, blocks = 1_000, concentration = 40 } = options
  const { returning = 0.3, passMs = PASS_MS } = options
  const random = createRandom(seed)
  const pOf = new Map(countries.map((c) => [c.name, c.p]))
  const create = () =>
    createDetector({
      conversionOf: (_, country) => pOf.get(country) ?? 0.5,
      maturityOf: () => MATURITY_MS,
      capacity: 200_000,
      ...options.detector,
    })
  let detector = create()
  let now = START
  let count = 0
  const changes: { at: number; change: Change }[] = []
  // one bucket a second: outcomes are never due out of order by more
  const due = new Map<number, Due[]>()
  const at = (time: number, run: () => void): void => {
    const second = Math.max(Math.floor(time / SECOND), Math.floor(now / SECOND) + 1)
    const bucket = due.get(second)
    if (bucket === undefined) due.set(second, [{ at: time, run }])
    else bucket.push({ at: time, run })
  }
  const blockP = new Map<string, number>()
  /** Beta by the ratio of two gammas, shapes as sums of exponentials where whole, else rounded: fine at 20 and more. */
  function conversionOf(block: string, p: number): number {
    let own = blockP.get(block)
    if (own === undefined) {
      const gamma = (shape: number): number => {
        let sum = 0
        for (let i = 0; i < Math.round(shape); i++) sum += random.exponential(1)
        return sum
      }
      const a = gamma(concentration * p)
      own = a / (a + gamma(concentration * (1 - p)))
      blockP.set(block, own)
    }
    return own
  }

  /** Trouble of a route: what share is lost, how much later the rest comes. */
  const trouble = { from: 0, until: 0, country: '', lost: 0, slower: 1, receipts: false }

  function send(
    country: string,
    operator: number,
    block: number,
    subnet: string,
    knownGood = false,
  ) {
    const code = countries.find((c) => c.name === country)?.code ?? '1'
    const prefix = `+${code}${String(10 + operator)}${String(block).padStart(4, '0')}`
    const sent: SendSeen = {
      service: SERVICE,
      country,
      operatorRange: `${country}/operator ${operator}`,
      block: prefix,
      subBlock: `${prefix}${random.below(10)}`,
      ipKey: null,
      subnetKey: subnet,
      asn: random.below(20),
      deviceId: null,
      accountId: null,
      numberHash: `n${++count}`,
      priceMicroUsd: PRICE,
      at: now,
      resend: false,
      knownGood,
    }
    return sent
  }

  function outcome(sent: SendSeen, kind: OutcomeKind): void {
    const { at: sentAt, resend: _, ...rest } = sent
    const seen: OutcomeSeen = { ...rest, outcome: kind, sentAt, at: now }
    detector.observe(seen)
  }

  /** Sends, and lets time bring the outcome. */
  function play(sent: SendSeen, p: number): void {
    detector.sent(sent)
    const sick = now >= trouble.from && now < trouble.until && sent.country === trouble.country
    const verifies = random.chance(p) && !(sick && random.chance(trouble.lost))
    const delay = random.lognormal(20_700, 0.79) * (sick ? trouble.slower : 1)
    const sentAt = now
    if (sick && trouble.receipts && !verifies) {
      at(sentAt + 10 * SECOND, () => outcome(sent, 'failed'))
      return
    }
    if (!verifies || delay > MATURITY_MS)
      at(sentAt + MATURITY_MS, () => outcome(sent, 'unverified'))
    if (verifies) at(sentAt + delay, () => outcome(sent, delay > MATURITY_MS ? 'late' : 'verified'))
  }

  const people = (country: StageOptions['countries'][number]): void => {
    const hour = (now / DAY) % 1
    // one peak a day, 1.6 times the mean
    const rate = (country.perDay / DAY) * (1 + 0.6 * Math.sin(2 * Math.PI * (hour - 0.3)))
    at(now + random.exponential(1 / rate), () => people(country))
    const operator = random.below(operators)
    const sent = send(
      country.name,
      operator,
      random.below(blocks),
      `10.${random.below(250)}.${random.below(250)}.0/24`,
      random.chance(returning),
    )
    play(sent, conversionOf(sent.block, country.p))
  }
  for (const country of countries) at(now + random.below(MINUTE), () => people(country))

  return {
    random,
    get now() {
      return now
    },
    get detector() {
      return detector
    },
    changes,
    /** A new detector that knows what the old one's snapshot says. */
    restart(): void {
      const snapshot = JSON.parse(JSON.stringify(detector.snapshot()))
      detector = create()
      detector.restore(snapshot)
    },
    trouble: (what: Partial<typeof trouble>): void => void Object.assign(trouble, what),
    /** Sends of an attack; `sent` collects their times. */
    attack(a: AttackOptions): SendSeen[] {
      const made: SendSeen[] = []
      const next = (): void => {
        if (now >= a.until) return
        const block = a.blocks[made.length % a.blocks.length] ?? 0
        const subnet =
          a.subnet?.(made.length) ?? `77.${random.below(250)}.${random.below(250)}.0/24`
        const sent = send(a.country, a.operator, block, subnet)
        made.push(sent)
        play(sent, a.verifies ?? 0)
        at(now + random.exponential(MINUTE / a.perMinute), next)
      }
      at(a.from, next)
      return made
    },
    runUntil(time: number): void {
      for (let second = Math.floor(now / SECOND) + 1; second * SECOND <= time; second++) {
        const bucket = due.get(second)
        now = second * SECOND
        if (bucket !== undefined) {
          due.delete(second)
          for (const { run } of bucket) run()
        }
        if (now % passMs === 0)
          for (const change of detector.pass(now)) changes.push({ at: now, change })
      }
    },
    opened: () =>
      changes.flatMap(({ at, change }) =>
        change.type === 'incident' && change.event === 'opened'
          ? [{ at, incident: change.incident }]
          : [],
      ),
  }
}

export const COUNTRIES = [
  { name: 'NG', code: '234', perDay: 6_000, p: 0.7 },
  { name: 'KE', code: '254', perDay: 2_000, p: 0.75 },
  { name: 'US', code: '1', perDay: 4_000, p: 0.78 },
  { name: 'ID', code: '62', perDay: 1_000, p: 0.6 },
]
