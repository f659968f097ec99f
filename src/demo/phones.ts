import TinyQueue from 'tinyqueue'
import type { TrafficRow } from '../lab/traffic.js'
import type { Provider, Receipt } from '../send/port.js'

/** Whoever looks at a phone: what becomes of the message, and the verification whose code it brings. */
export interface Waiting {
  row: TrafficRow
  /** known once the gate has answered, which is after the message went out */
  verificationId: string | null
  /** `null` until the message is there */
  code: string | null
}

/** Phones that are looked at for a message at most: those that waited longest are forgotten. */
const WAITING_MOST = 20_000
/** A failure without a time of its own is reported after this, ms. */
const FAILED_MS = 3_000
const CODE = /\d{4,10}/

/**
 * The telephones of the simulation, behind providers that send nothing: a message that is handed over reaches whoever waits
 * for it, and its receipt comes when the person's potential outcome says so.
 */
export function createPhones(clock: () => number) {
  const waiting = new Map<string, Waiting>()
  const receipts = new TinyQueue<Receipt & { provider: string }>([], (a, b) => a.at - b.at)
  let arrived: (whose: Waiting) => void = () => undefined

  function report(provider: string, providerId: string, { potential }: TrafficRow): void {
    const { deliveryError, deliveredMs } = potential
    if (deliveryError === null && deliveredMs === null) return
    const at = clock() + (deliveredMs ?? FAILED_MS)
    const code = deliveryError
    const error = code === null ? null : code === 'unallocated' ? 'unallocated' : 'unknown'
    const status = error === null ? 'delivered' : 'failed'
    receipts.push({ provider, providerId, at, status, error, providerCode: code })
  }

  return {
    /** A provider into this simulation. */
    provider: (name: string): Provider => ({
      name,
      async send({ to, body, idempotencyKey }) {
        const providerId = `${name}-${idempotencyKey}`
        const whose = waiting.get(to)
        if (whose !== undefined) {
          whose.code = CODE.exec(body)?.[0] ?? null
          report(name, providerId, whose.row)
          arrived(whose)
        }
        return { ok: true, providerId, priceMicroUsd: null }
      },
      receipts: () => null,
    }),
    /** @param listener told when a message is on its way to somebody who waits for one */
    listen(listener: (whose: Waiting) => void): void {
      arrived = listener
    },
    /** Somebody looks at the phone of this number from now on. @param verificationId if it is known already */
    wait(row: TrafficRow, verificationId: string | null): Waiting {
      const whose: Waiting = { row, verificationId, code: null }
      waiting.delete(row.to)
      waiting.set(row.to, whose)
      const [first] = waiting.keys()
      if (waiting.size > WAITING_MOST && first !== undefined) waiting.delete(first)
      return whose
    },
    /** Receipts that come up to now, by provider. */
    receiptsDue(now: number): Map<string, Receipt[]> {
      const due = new Map<string, Receipt[]>()
      for (
        let next = receipts.peek();
        next !== undefined && next.at <= now;
        next = receipts.peek()
      ) {
        receipts.pop()
        const { provider, ...receipt } = next
        due.set(provider, [...(due.get(provider) ?? []), receipt])
      }
      return due
    },
  }
}

export type Phones = ReturnType<typeof createPhones>
