import type { LineName } from '../../src/engine/policy.js'
import type { SignalCounters } from '../../src/engine/signals/counters.js'
import type { Query, SendOutcome } from '../../src/engine/state.js'
import { SECOND } from '../../src/engine/units.js'
import type { LineStore } from '../../src/lines/port.js'
import { demandOf, layoutOf, moveOf, queryOf, settlementOf, T0 } from './lines-arrange.js'

/** For tests of line stores: one person after another asks for a code to the same block, from the same place. */

export const layout = layoutOf()
export const RANGE_LINES = ['block', 'operator', 'country'] as const
export const SOURCE_LINES = ['ip', 'subnet', 'network', 'device', 'account'] as const
/** Keys of every request, besides its number. */
export const CARRIED = {
  block: '+234803412',
  operator: 'NG/MTN',
  country: 'NG',
  ip: '105.112.3.4',
  subnet: '105.112.3.0/24',
  network: 'AS29465',
  device: 'd1',
  account: 'a1',
} as const

export const numberOf = (digits: number): string =>
  `${CARRIED.block}${String(digits).padStart(4, '0')}`

export const question = (
  digits: number,
  part: Partial<Pick<Query, 'layout' | 'service' | 'subscriber' | 'country'>> = {},
): Query =>
  queryOf(
    part.layout ?? layout,
    { ...CARRIED, country: part.country ?? CARRIED.country, number: numberOf(digits) },
    { subscriber: part.subscriber ?? digits, service: part.service ?? 'signup' },
  )

const LINES_OF_NUMBER: readonly LineName[] = [...RANGE_LINES, ...SOURCE_LINES]
/** What a session's first send costs, and what a later one does, for which the ranges are not charged. */
const ONE = Object.fromEntries([...LINES_OF_NUMBER, 'number'].map((line) => [line, 1]))
export const AGAIN = Object.fromEntries([...SOURCE_LINES, 'number'].map((line) => [line, 1]))

/** The first send of a session. */
export const send = async (store: LineStore, at: number, digits: number): Promise<void> => {
  await store.charge(question(digits), demandOf(ONE, { opens: true }), at)
}

/** A later one, for which the ranges are not charged. */
export const resend = async (store: LineStore, at: number, digits: number): Promise<void> => {
  await store.charge(question(digits), demandOf(AGAIN, { carried: true }), at)
}

const PARTS: Record<SendOutcome['what'], { reserved: number; earned: number; lost: number }> = {
  verified: { reserved: -1, earned: 1, lost: 0 },
  late: { reserved: 0, earned: 1, lost: -1 },
  lost: { reserved: -1, earned: 0, lost: 1 },
  failed: { reserved: -1, earned: 0, lost: 1 },
}

/** What became of the first send, on all lines it was charged to. */
export async function outcome(
  store: LineStore,
  at: number,
  digits: number,
  what: SendOutcome['what'],
  delayMs = 20 * SECOND,
): Promise<void> {
  const part = { ...PARTS[what], since: T0 }
  const moves = [
    ...LINES_OF_NUMBER.map((line) => moveOf(line, CARRIED[line as keyof typeof CARRIED], part)),
    moveOf('number', numberOf(digits), part),
  ]
  const came = what === 'verified' || what === 'late'
  await store.settle(
    settlementOf(layout, { moves, outcome: { what, delayMs: came ? delayMs : 0 } }),
    at,
  )
}

/** The counters a request is told; a copy, since a store may use them again. */
export const see = async (store: LineStore, at: number, digits = 7_777): Promise<SignalCounters> =>
  structuredClone((await store.gather(question(digits), at)).counters)
