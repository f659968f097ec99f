import { solvePow } from '../../src/challenge/solve.js'
import type { Answered, Client, Operation } from './client.js'
import type { Caller } from './record.js'

export interface LoadOptions {
  client: Client
  /** codes that came to a number */
  codesOf: (to: string) => readonly string[]
  /** people, and requests of the attack, a second */
  peoplePerSecond: number
  /** asked each time: it may change */
  attacksPerSecond: () => number
  random: () => number
}

export interface Load {
  /** Nobody new comes; those on their way go to their end. */
  stop(): Promise<void>
}

/** A person without a message asks for another after this long, ms, and gives up after so many. */
const RESEND_AFTER_MS = 6_000
const MOST_MESSAGES = 3
/** Of those who ask, the share that never enters a code: people are like that. */
const LOST_SHARE = 0.1
/** One in so many sends the right code twice at once, as an impatient form does. */
const DOUBLE_TAP = 4
/** One attacker in so many solves his challenges: the bound holds for them too. */
const SOLVING = 4

const PREFIXES = ['803', '806', '813', '703', '805', '816', '903', '810', '814', '706']
/** Numbers in blocks of their own: people seldom meet in one. 10,000 of them. */
const personNumber = (n: number): string =>
  `+234${PREFIXES[n % 10]}${String((Math.floor(n / 10) % 1_000) * 10_000 + ((n * 7_919) % 10_000)).padStart(7, '0')}`
/** Ranges that are pumped: a single block and many in a market without customers, and many in a country outside. */
export const ATTACKED = { KE: '+254', GH: '+233' } as const
function attackNumber(n: number): string {
  const round = n >> 2
  if (n % 4 === 0) return `+254712345${String(round % 1_000).padStart(3, '0')}`
  const spread = String((round * 9_973) % 10_000_000).padStart(7, '0')
  return n % 4 === 1 ? `+25471${spread}` : `+23324${spread}`
}

/** Constant load: people who enter their codes, and an attack with a new address and device for each request. */
export function startLoad(options: LoadOptions): Load {
  const { client, codesOf, random } = options
  const under = new Set<Promise<void>>()
  const timers = [
    arrivals(
      () => options.peoplePerSecond,
      random,
      (n) => track(person(n)),
    ),
    arrivals(options.attacksPerSecond, random, (n) => track(attack(n))),
  ]
  let stopped = false

  function track(work: Promise<void>): void {
    const kept = work.finally(() => under.delete(kept))
    under.add(kept)
  }

  const startOf = (by: Caller, n: number, to: string, net: number): Operation => ({
    by,
    who: n,
    to,
    call: 'start',
    operation: `${by}-${n}`,
    verification: null,
    path: '/v1/verifications',
    body: {
      service: 'signup',
      to,
      context: {
        ip: `10.${net + ((n >> 8) & 63)}.${n & 255}.7`,
        deviceId: `${by}-device-${n}`,
        accountId: `${by}-${n}`,
      },
    },
  })
  const next = (
    start: Operation,
    id: string,
    call: 'resend' | 'solve' | 'check',
    step: string,
    body: unknown,
  ): Operation => ({
    ...start,
    call,
    operation: `${start.operation}-${step}`,
    verification: id,
    path: `/v1/verifications/${id}/${call === 'solve' ? 'challenge' : call}`,
    body,
  })

  /** Does the work of a challenge where there is one. @returns whether a code is on its way */
  async function sentAfter(start: Operation, asked: Answered | null): Promise<boolean> {
    const challenge = asked?.body.challenge
    const id: string | null = asked?.end.id ?? null
    if (asked?.end.state === 'sent') return true
    if (challenge === undefined || challenge === null || id === null) return false
    const solution = await solvePow(challenge.payload)
    const solved = await client.run(next(start, id, 'solve', 'solve', { type: 'pow', solution }))
    return solved?.end.state === 'sent'
  }

  async function person(n: number): Promise<void> {
    const start = startOf('person', n, personNumber(n), 0)
    const asked = await client.run(start)
    const id = asked?.end.id ?? null
    if (id === null || !(await sentAfter(start, asked)) || random() < LOST_SHARE) return
    let code: string | null = null
    for (let asks = 1; asks <= MOST_MESSAGES && code === null; asks++) {
      if (asks > 1) await client.run(next(start, id, 'resend', `resend-${asks}`, {}))
      code = await codeWithin(start.to, RESEND_AFTER_MS)
    }
    if (code === null) return
    await new Promise((resolve) => setTimeout(resolve, 500 + 1_000 * random()))
    const check = next(start, id, 'check', 'check', { code: codesOf(start.to).at(-1) ?? code })
    const taps = n % DOUBLE_TAP === 0 ? 2 : 1
    await Promise.all(Array.from({ length: taps }, () => client.run(check)))
  }

  async function attack(n: number): Promise<void> {
    const start = startOf('attack', n, attackNumber(n), 128)
    const asked = await client.run(start)
    if (n % SOLVING === 0) await sentAfter(start, asked)
  }

  async function codeWithin(to: string, ms: number): Promise<string | null> {
    for (const end = performance.now() + ms; performance.now() < end && !stopped; ) {
      const code = codesOf(to).at(-1)
      if (code !== undefined) return code
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return codesOf(to).at(-1) ?? null
  }

  return {
    async stop() {
      stopped = true
      for (const end of timers) end()
      while (under.size > 0) await Promise.all(under)
    },
  }
}

/** Calls at random times with so many a second on average, numbered. */
function arrivals(
  perSecond: () => number,
  random: () => number,
  come: (n: number) => void,
): () => void {
  let n = 0
  let timer: NodeJS.Timeout
  const wait = () => {
    timer = setTimeout(
      () => {
        come(n++)
        wait()
      },
      (-Math.log(1 - random()) / perSecond()) * 1_000,
    )
  }
  wait()
  return () => clearTimeout(timer)
}
